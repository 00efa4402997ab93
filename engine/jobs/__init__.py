"""Long work: what a Job is, where it waits, how one piece of it is done; who does it is the runtime's."""
