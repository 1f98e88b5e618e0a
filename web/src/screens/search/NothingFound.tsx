import { Link } from "../../place";
import { type Search, searchAddress } from "../../address";
import { Notice } from "../../parts/Notice";
import type { Answer } from "../../types";
import { texts } from "../../texts";
import { fill } from "../../texts/fill";

/** A search that finds nothing, or asks for nothing because every part is ignored. */
export function NothingFound({ search, answer }: { search: Search; answer: Answer }) {
  const { words, filters } = answer;
  if (answer.common)
    return (
      <Notice icon="search" title={texts.tooCommon}>
        <p>{texts.addANoun(search.words)}</p>
      </Notice>
    );
  if (filters.some(({ off }) => !off))
    return (
      <Notice icon="search" title={texts.nothingFound}>
        <p>{texts.noneAtAll}</p>
      </Notice>
    );
  if (words.length > 0 && words.every(({ kind, off }) => kind === "excluded" && !off))
    return (
      <Notice icon="search" title={texts.onlyExcluded}>
        <p>{texts.addAWord(search.words)}</p>
      </Notice>
    );
  return (
    <Notice icon="search" title={texts.nothingFound}>
      {search.without.length > 0 ? (
        <p>
          {fill(
            texts.partsIgnored,
            <Link to={searchAddress({ ...search, without: [] })}>{texts.useThemAgain}</Link>,
          )}
        </p>
      ) : (
        <p>{texts.tryOthers}</p>
      )}
    </Notice>
  );
}
