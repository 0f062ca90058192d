"""The edXML message of QCVN 102:2016 as plain values: what it says, which parts must be there, how long they may be."""
