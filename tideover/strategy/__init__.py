"""Published strategies, the runs that decide by them, the decision log, and the one gate through which a contact leaves."""
