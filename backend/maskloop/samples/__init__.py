"""The sample project: photos that come with the install, so that there is something to click on at once."""
