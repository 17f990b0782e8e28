"""Static files under names that carry their content's hash, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed copies; a file missing from the manifest is served under its plain name."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The hashed name when there is one."""
        return super().stored_name(name) if self.hash_key(self.clean_name(name)) in self.hashed_files else name
