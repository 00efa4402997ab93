"""What is alike although it is written differently: normal forms of values, rules against duplicates."""
