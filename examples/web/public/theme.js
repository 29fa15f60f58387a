// Runs before anything is drawn, so that the page never flashes in the other theme.
try {
  const theme = localStorage.getItem("aircargo-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is shut: the page follows the system.
}
