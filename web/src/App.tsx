import { useMemo, useState } from "react";
import { isEmpty, NOTHING, photoIn, searchAt } from "./address";
import { isAway, isLocked } from "./api";
import { useKeys } from "./hooks/useKeys";
import { useOtherTabs } from "./hooks/useOtherTabs";
import { usePictures, usePictureTarget } from "./hooks/usePictures";
import { useScrollMemory } from "./hooks/useScrollMemory";
import { DropHint } from "./parts/DropHint";
import { Header } from "./parts/Header";
import { KeyHelp } from "./parts/KeyHelp";
import { Toast } from "./parts/Toast";
import { usePlace } from "./place";
import { AllPhotos } from "./screens/all/AllPhotos";
import { HistoryScreen } from "./screens/history/HistoryScreen";
import { PhotoScreen } from "./screens/photo/PhotoScreen";
import { SearchBar } from "./screens/search/SearchBar";
import { SearchScreen } from "./screens/search/SearchScreen";
import { Start } from "./screens/search/Start";
import { usePictureSearch } from "./screens/search/usePictureSearch";
import { useSharedPicture } from "./screens/search/useSharedPicture";
import { Away, AwayStrip } from "./screens/states/Away";
import { Failed } from "./screens/states/Failed";
import { FirstRun } from "./screens/states/FirstRun";
import { Progress } from "./screens/states/Indexing";
import { KeyForm } from "./screens/states/KeyForm";
import { NoPage } from "./screens/states/NoPage";
import styles from "./screens/states/states.module.css";
import { StatusScreen } from "./screens/status/StatusScreen";
import { useStatus } from "./screens/states/useStatus";
import { WordsScreen } from "./screens/words/WordsScreen";
import { texts } from "./texts";

/** What surrounds all screens, and which one is shown. */
export function App() {
  const { pathname, search: query } = usePlace();
  const opened = photoIn(pathname);
  const isPhoto = opened !== null;
  const isAll = pathname === "/photos";
  const isSearch = pathname === "/" || isAll || isPhoto;
  const search = useMemo(() => searchAt(pathname, query), [pathname, query]);
  const isStart = isSearch && isEmpty(search);
  const [areKeysShown, setAreKeysShown] = useState(false);
  const { status, trouble, retry } = useStatus();
  const [lookFor, isLooking] = usePictureSearch(search);
  usePictureTarget(texts.dropToSearch, lookFor);
  const { give } = usePictures();
  useSharedPicture(query, give);
  useKeys({ "?": () => setAreKeysShown(true) });
  useScrollMemory(isPhoto);
  useOtherTabs();

  const screen = () => {
    if (isLocked(trouble)) return <KeyForm />;
    if (trouble && !status) {
      const Trouble = isAway(trouble) ? Away : Failed;
      return <Trouble error={trouble} retry={retry} />;
    }
    if (status?.photos === 0) return <FirstRun status={status} />;
    if (pathname === "/words") return <WordsScreen />;
    if (pathname === "/history") return <HistoryScreen />;
    if (pathname === "/status") return status ? <StatusScreen status={status} /> : null;
    if (!isSearch) return <NoPage />;
    const screenBehind = () => {
      if (search.all !== undefined) return <AllPhotos search={search} opened={opened} />;
      if (isStart) return <Start bar={bar} leftOut={status?.left_out ?? {}} opened={opened} />;
      return <SearchScreen search={search} opened={opened} />;
    };
    return (
      <>
        <main inert={isPhoto}>{screenBehind()}</main>
        {opened !== null && <PhotoScreen id={opened} search={search} />}
      </>
    );
  };
  const bar = <SearchBar search={search.all === undefined ? search : NOTHING} isLarge={isStart} isLooking={isLooking} />;
  return (
    <>
      <Header isInert={isPhoto} onKeys={() => setAreKeysShown(true)}>
        {!isStart && bar}
      </Header>
      {status?.indexing && status.photos > 0 && pathname !== "/status" && (
        <div className={styles.strip} inert={isPhoto}>
          <Progress indexing={status.indexing} />
        </div>
      )}
      {isAway(trouble) && trouble && status && <AwayStrip error={trouble} retry={retry} />}
      {screen()}
      <Toast />
      <DropHint />
      <KeyHelp isOpen={areKeysShown} onClose={() => setAreKeysShown(false)} />
    </>
  );
}
