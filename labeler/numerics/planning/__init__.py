"""Who answers what: how much a plan costs, what it will tell, and how many answers are enough."""
