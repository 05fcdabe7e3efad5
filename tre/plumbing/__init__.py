"""Technical parts that several rooms need: settings, database, units of work, jobs, pages. Must never hold a rule of a room."""
