"""The shared look: templates and styles that every audience's pages stand on."""
