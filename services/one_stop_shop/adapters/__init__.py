"""What the one-stop shop needs from outside: documents, files, printers, payment gateways."""
