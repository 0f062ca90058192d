"""What a province and a country need: measured costs, assumed demand, a simulation of the busiest minute."""
