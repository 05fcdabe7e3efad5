"""The synthetic twin of a dataset: measured in shapes (`measure`), made up from these alone (`make`), published (`build`)."""
