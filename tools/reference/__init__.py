"""Write the parts of docs/ that follow from the code: commands, schemas, rules, errors, names."""
