import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useNavigate } from "../../place";
import { type Search, searchAddress } from "../../address";
import { focusScreen } from "../../hooks/keepFocus";
import { useKeys } from "../../hooks/useKeys";
import { usePictures } from "../../hooks/usePictures";
import { Icon } from "../../parts/Icon";
import { PickButton } from "../../parts/PickButton";
import { PictureChip } from "./PictureChip";
import { remember } from "./recent";
import styles from "./SearchBar.module.css";
import { useSuggestions } from "./useSuggestions";
import { texts } from "../../texts";

interface Props {
  search: Search;
  isLarge?: boolean;
  /** A picture is being uploaded. */
  isLooking: boolean;
}

/** The server takes no more characters. */
const LONGEST = 1000;

const ICONS = { recent: "history", forget: "close" } as const;

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
    remember(words.trim());
    focusScreen();
    // Ignored parts belong to the words they were parts of.
    const without = words === search.words ? search.without : [];
    navigate(searchAddress({ ...search, words: words.trim(), without }));
  };
  const suggestions = useSuggestions(text, go);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (suggestions.chosen) suggestions.choose(suggestions.chosen);
    else go(text);
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
          maxLength={LONGEST}
          placeholder={search.like ? texts.addWords : texts.searchPhotos}
          aria-label={texts.search}
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
            if (event.key === "Escape" && !suggestions.isOpen) focusScreen();
            suggestions.onKeyDown(event);
          }}
          onFocus={() => !text && suggestions.open()}
          onBlur={suggestions.close}
        />
        {text && (
          <button
            type="button"
            className={styles.camera}
            aria-label={texts.clearWords}
            title={texts.clearWords}
            onClick={() => {
              setText("");
              suggestions.close();
              input.current?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        )}
        <PickButton className={styles.camera} label={texts.searchByPicture} onPick={give}>
          <Icon name="camera" />
        </PickButton>
      </form>
      <ul id={list} role="listbox" aria-label={texts.suggestions} className={styles.list}>
        {suggestions.isOpen &&
          suggestions.items.map((item, index) => (
            <li
              key={`${item.kind} ${item.words}`}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === suggestions.active}
              className={styles.option}
              // On pointerdown, before the blur that would close the list.
              onPointerDown={(event) => {
                event.preventDefault();
                suggestions.choose(item);
              }}
            >
              {item.kind !== "completion" && <Icon name={ICONS[item.kind]} size={18} />}
              <span className={styles.words}>{item.words || texts.forgetSearches}</span>
              {item.kind === "recent" && <span className="visually-hidden">{texts.recent}</span>}
              {item.photos !== null && <span className={styles.photos}>{texts.photoCount(item.photos)}</span>}
            </li>
          ))}
      </ul>
    </search>
  );
}
