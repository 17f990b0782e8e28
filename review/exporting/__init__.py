"""How a version becomes files: options, contract, bytes, bundles, cards, and the manifest that leads back."""
