"""Words, numbers and pages made from an already disclosed month. Import the module you need; this one loads nothing."""
