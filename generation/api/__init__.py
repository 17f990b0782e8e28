"""The API of generation: one router for each noun. `fdc_project.api` puts them together."""
