import { isGone } from "../../api";
import { NOTHING, type Search, searchAddress } from "../../address";
import controls from "../../parts/controls.module.css";
import { Notice } from "../../parts/Notice";
import { Link } from "../../place";
import { texts } from "../../texts";
import { explain, type Tried } from "../../texts/explain";

interface Props {
  error: Error;
  search?: Search;
  retry: () => void;
  tried?: Tried;
}

/** Something could not be read: what happened, and what to do. */
export function Failed({ error, search = NOTHING, retry, tried }: Props) {
  const isMissing = isGone(error);
  const isForgotten = isMissing && search.like !== "" && tried !== "photo";
  if (isForgotten)
    return (
      <Notice icon="picture" title={texts.pictureGone} isUrgent>
        <p>{texts.pictureGoneHow}</p>
        <Link className={controls.button} to={searchAddress({ ...search, like: "" })}>
          {texts.searchWithout}
        </Link>
      </Notice>
    );
  if (isMissing && tried === "photo")
    return (
      <Notice icon="picture" title={texts.photoGone} isUrgent>
        <p>{explain(error, tried)}</p>
        <Link className={controls.button} to={searchAddress(search)}>
          {texts.backToPhotos}
        </Link>
      </Notice>
    );
  return (
    <Notice icon="alert" title={texts.wentWrong} isUrgent>
      <p>{explain(error, tried)}</p>
      {!isMissing && (
        <button type="button" className={controls.button} onClick={retry}>
          {texts.tryAgain}
        </button>
      )}
    </Notice>
  );
}
