import { useState } from "react";

export type Theme = "system" | "light" | "dark";

const ORDER: readonly Theme[] = ["system", "light", "dark"];

function stored(): Theme {
  const theme = document.documentElement.dataset["theme"];
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** The theme, the next one, and how to switch to it; public/theme.js applies it on later visits. */
export function useTheme(): [Theme, Theme, () => void] {
  const [theme, setTheme] = useState(stored);
  const chosen = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? "system";
  const setNext = () => {
    if (chosen === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = chosen;
    try {
      if (chosen === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", chosen);
    } catch {
      // Storage is blocked: the choice lasts for this visit.
    }
    setTheme(chosen);
  };
  return [theme, chosen, setNext];
}
