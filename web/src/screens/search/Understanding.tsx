import { useRef, useState } from "react";
import { useNavigate } from "../../place";
import { type Search, searchAddress } from "../../address";
import type { Answer, Filter, Part } from "../../types";
import { Chip } from "./Chip";
import { FilterChip } from "./FilterChip";
import { inOrder } from "./inOrder";
import { PartDetails } from "./PartDetails";
import styles from "./Understanding.module.css";
import { texts } from "../../texts";

/** One line that says how the query was understood; each part, and each filter, can be ignored. */
export function Understanding({ answer, search }: { answer: Answer; search: Search }) {
  const navigate = useNavigate();
  const [opened, setOpened] = useState<string | null>(null);
  const order = useRef({ query: "", parts: [] as readonly string[] });
  const before = order.current.query === answer.query ? order.current.parts : [];
  const parts = inOrder(answer.words, before);
  order.current = { query: answer.query, parts: parts.map(({ part }) => part) };
  const open = parts.find((part) => part.part === opened);
  if (!parts.length && !answer.filters.length) return null;

  const toggle = (part: Part | Filter) => {
    const without = part.off
      ? search.without.filter((other) => other !== part.part)
      : [...search.without, part.part];
    navigate(searchAddress({ ...search, without }));
  };
  return (
    <section className={styles.understanding} aria-label={texts.understood}>
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
        {answer.filters.map((filter) => (
          <FilterChip key={filter.part} filter={filter} onToggle={() => toggle(filter)} />
        ))}
      </ul>
      {open && <PartDetails part={open} />}
    </section>
  );
}
