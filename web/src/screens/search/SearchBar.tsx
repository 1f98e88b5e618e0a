import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { type Search, searchAddress } from "../../address";
import { useKeys } from "../../hooks/useKeys";
import { usePictures } from "../../hooks/usePictures";
import { Icon } from "../../parts/Icon";
import { PickButton } from "../../parts/PickButton";
import { PictureChip } from "./PictureChip";
import styles from "./SearchBar.module.css";
import { useSuggestions } from "./useSuggestions";

interface Props {
  search: Search;
  isLarge?: boolean;
  /** A picture is being uploaded. */
  isLooking: boolean;
}

/** The one bar: words, a picture, or both. */
export function SearchBar({ search, isLarge = false, isLooking }: Props) {
  const navigate = useNavigate();
  const { give } = usePictures();
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const [text, setText] = useState(search.words);
  useEffect(() => setText(search.words), [search.words]);

  const go = (words: string) => {
    setText(words);
    suggestions.close();
    input.current?.blur();
    // Ignored parts belong to the words they were parts of.
    const without = words === search.words ? search.without : [];
    navigate(searchAddress({ ...search, words: words.trim(), without }));
  };
  const suggestions = useSuggestions(text, go);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go(suggestions.chosen ?? text);
  };
  useKeys({
    "/": () => {
      input.current?.focus();
      input.current?.select();
    },
  });

  return (
    <search className={styles.search}>
      <form className={styles.bar} data-large={isLarge || undefined} onSubmit={submit}>
        <span className={styles.sign}>
          <Icon name="search" />
        </span>
        <PictureChip search={search} isLooking={isLooking} />
        <input
          ref={input}
          className={styles.input}
          type="search"
          enterKeyHint="search"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={search.like ? "Add words" : "Search your photos"}
          aria-label="Search"
          role="combobox"
          aria-expanded={suggestions.isOpen}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={suggestions.activeId(list)}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            suggestions.open();
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape" && !suggestions.isOpen) input.current?.blur();
            suggestions.onKeyDown(event);
          }}
          onBlur={suggestions.close}
        />
        <PickButton className={styles.camera} label="Search with a picture" onPick={give}>
          <Icon name="camera" />
        </PickButton>
      </form>
      <ul id={list} role="listbox" aria-label="Suggestions" className={styles.list}>
        {suggestions.isOpen &&
          suggestions.items.map((item, index) => (
            <li
              key={item}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === suggestions.active}
              className={styles.option}
              // On pointerdown, before the blur that would close the list.
              onPointerDown={(event) => {
                event.preventDefault();
                go(item);
              }}
            >
              {item}
            </li>
          ))}
      </ul>
    </search>
  );
}
