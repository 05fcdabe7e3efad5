"""The walk from an empty machine to a released result, through the doors that a browser uses. Must never reach around them."""
