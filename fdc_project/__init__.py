"""The project: settings, addresses and the leaf helpers of both apps."""
