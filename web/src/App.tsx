import { useMemo, useState } from "react";
import { Route, Routes, useLocation, useMatch } from "react-router";
import { isEmpty, NOTHING, readSearch } from "./address";
import { ApiError } from "./api";
import { useKeys } from "./hooks/useKeys";
import { usePictureTarget } from "./hooks/usePictures";
import { useScrollMemory } from "./hooks/useScrollMemory";
import { DropHint } from "./parts/DropHint";
import { Header } from "./parts/Header";
import { KeyHelp } from "./parts/KeyHelp";
import { Toast } from "./parts/Toast";
import { HistoryScreen } from "./screens/history/HistoryScreen";
import { PhotoScreen } from "./screens/photo/PhotoScreen";
import { SearchBar } from "./screens/search/SearchBar";
import { SearchScreen } from "./screens/search/SearchScreen";
import { Start } from "./screens/search/Start";
import { usePictureSearch } from "./screens/search/usePictureSearch";
import { Away } from "./screens/states/Away";
import { Failed } from "./screens/states/Failed";
import { FirstRun } from "./screens/states/FirstRun";
import { Progress } from "./screens/states/Indexing";
import { KeyForm } from "./screens/states/KeyForm";
import styles from "./screens/states/states.module.css";
import { useStatus } from "./screens/states/useStatus";
import { WordsScreen } from "./screens/words/WordsScreen";

/** What surrounds all screens, and which one is shown. */
export function App() {
  const { pathname, search: query } = useLocation();
  const isPhoto = useMatch("/photo/:id") !== null;
  const isSearch = pathname === "/" || isPhoto;
  const search = useMemo(() => (isSearch ? readSearch(query) : NOTHING), [isSearch, query]);
  const isStart = isSearch && isEmpty(search);
  const [areKeysShown, setAreKeysShown] = useState(false);
  const status = useStatus();
  const picture = usePictureSearch(search.words);
  usePictureTarget("Drop a picture to search with it", (file) => picture.mutate(file));
  useKeys({ "?": () => setAreKeysShown(true) });
  useScrollMemory(isPhoto);

  const screen = () => {
    if (status.error instanceof ApiError) {
      const retry = () => void status.refetch();
      if (status.error.status === 401) return <KeyForm />;
      if ([0, 503].includes(status.error.status)) return <Away error={status.error} retry={retry} />;
      return <Failed error={status.error} retry={retry} />;
    }
    if (status.data?.photos === 0) return <FirstRun status={status.data} />;
    if (!isSearch)
      return (
        <Routes>
          <Route path="/words" element={<WordsScreen />} />
          <Route path="/history" element={<HistoryScreen />} />
        </Routes>
      );
    const behind = isStart ? (
      <Start bar={bar} isActive={!isPhoto} />
    ) : (
      <SearchScreen search={search} isActive={!isPhoto} />
    );
    return (
      <>
        <main inert={isPhoto}>{behind}</main>
        <Routes>
          <Route path="/photo/:id" element={<PhotoScreen search={search} />} />
          <Route path="*" element={null} />
        </Routes>
      </>
    );
  };
  const bar = <SearchBar search={search} isLarge={isStart} isLooking={picture.isPending} />;
  return (
    <>
      <div inert={isPhoto}>
        <Header onKeys={() => setAreKeysShown(true)}>{!isStart && bar}</Header>
        {status.data?.indexing && status.data.photos > 0 && (
          <div className={styles.strip}>
            <Progress indexing={status.data.indexing} />
          </div>
        )}
      </div>
      {screen()}
      <Toast />
      <DropHint />
      <KeyHelp isOpen={areKeysShown} onClose={() => setAreKeysShown(false)} />
    </>
  );
}
