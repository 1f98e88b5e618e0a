import { useState } from "react";
import { useNavigate } from "react-router";
import { type Search, searchAddress } from "../../address";
import type { Answer, Part } from "../../types";
import { Chip } from "./Chip";
import { PartDetails } from "./PartDetails";
import styles from "./Understanding.module.css";

/** One line that says how the query was understood; each part opens and can be ignored. */
export function Understanding({ answer, search }: { answer: Answer; search: Search }) {
  const navigate = useNavigate();
  const [opened, setOpened] = useState<string | null>(null);
  const parts = answer.words;
  const open = parts.find((part) => part.part === opened);
  if (!parts.length) return null;

  const toggle = (part: Part) => {
    const without = part.off
      ? search.without.filter((other) => other !== part.part)
      : [...search.without, part.part];
    navigate(searchAddress({ ...search, without }));
  };
  return (
    <section className={styles.understanding} aria-label="How your words were understood">
      <ul className={styles.line}>
        {parts.map((part) => (
          <Chip
            key={part.part}
            part={part}
            isOpen={part.part === opened}
            onOpen={() => setOpened(part.part === opened ? null : part.part)}
            onToggle={() => toggle(part)}
          />
        ))}
      </ul>
      {open && <PartDetails part={open} />}
    </section>
  );
}
