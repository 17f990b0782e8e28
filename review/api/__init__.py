"""The API of review: one router for each noun. `fdc_project.api` puts them together."""
