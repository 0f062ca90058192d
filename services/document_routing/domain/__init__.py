"""The rules of Decree 30/2020 and of the exchange of documents, as plain Python."""
