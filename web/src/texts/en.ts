/** All texts of the page in English. `{}` is a place for an element, such as an emphasised word. */
import type { Verdict } from "../types";
import { number } from "./locale";

const some = (count: number, one: string, more: string) =>
  count === 1 ? `1 ${one}` : `${number(count)} ${more}`;
const photos = (count: number) => some(count, "photo", "photos");
const matches = (count: number) => some(count, "match", "matches");
const wrong = (count: number) => `${number(count)} wrong`;
const people = (count: number) => some(count, "person", "people");
const VERDICT = { good: "Match", bad: "Not a match" };

export const en = {
  // Header and what is everywhere
  main: "Main",
  words: "Words",
  history: "History",
  allPhotos: "All photos",
  theme: {
    system: "Use the system's theme",
    light: "Switch to light theme",
    dark: "Switch to dark theme",
  },
  keys: "Keyboard shortcuts",
  keyList: {
    search: "search",
    move: "move between photos",
    good: "mark as a match",
    bad: "mark as not a match",
    undo: "undo the last mark",
    zoom: "zoom into the open photo",
    full: "show the open photo on the full screen",
    choose: "choose the photo, or no longer",
    all: "with a click or an arrow: choose all between",
    similar: "find similar photos",
    open: "open the photo",
    back: "go back",
    help: "show these shortcuts",
  },
  /** Names of keys that differ between keyboards. */
  keyNames: { shift: "Shift", enter: "Enter", escape: "Esc" },
  close: "Close",
  cancel: "Cancel",
  dismiss: "Dismiss",
  tryAgain: "Try again",
  tryNow: "Try now",
  undo: "Undo",
  redo: "Redo",
  done: "Done",
  download: "Download",
  showFewer: "Show fewer",
  showAll: (count: number) => `Show all ${number(count)}`,
  noMorePhotos: "More photos could not be loaded.",
  morePhotos: "More photos",

  // Verdicts
  verdict: VERDICT,
  verdictFor: (verdict: Verdict, word: string) => `${VERDICT[verdict]} for ${word}`,
  verdictForMany: (verdict: Verdict, word: string, count: number) =>
    `${VERDICT[verdict]} for ${word}: ${photos(count)}`,
  marked: { good: "marked as a match", bad: "marked as not a match" },
  photoMarked: { good: "Photo marked as a match", bad: "Photo marked as not a match" },
  counted: (count: number, verdict: Verdict) => (verdict === "good" ? matches(count) : wrong(count)),
  doesMatch: (word: string) => `Does this match ${word}?`,

  // Copying
  copy: { command: "Copy command" },
  copied: { command: "Copied the command" },
  notCopied: {
    command: "Your browser blocked copying. Select the command and copy it yourself.",
    path: "Your browser blocked copying. Select the path and copy it yourself.",
    paths: "Your browser blocked copying.",
  },
  pathsCopied: (count: number) => (count === 1 ? "Path copied" : `${number(count)} paths copied`),

  // Search bar
  search: "Search",
  searchPhotos: "Search your photos",
  addWords: "Add words",
  clearWords: "Clear words",
  searchByPicture: "Search with a picture",
  dropToSearch: "Drop a picture to search with it",
  suggestions: "Suggestions",
  recent: "recent search",
  forgetSearches: "Forget recent searches",
  searching: "Searching",
  searchingNow: "Searching…",
  queryPicture: "Picture you search with",
  removePicture: "Remove picture",
  onlyFirst: "Only the first picture was used.",

  // Start
  hint: "Search by words, or drop, paste or choose a picture.",
  wordsTaught: "Words you taught",
  toBeginWith: "Searches to begin with",
  canTeach: "A word that Magpie doesn't know can be taught with a single picture.",
  somePhotos: "Some of your photos",
  leftOut: (count: number, kinds: string, others: number) =>
    `${some(count, "file", "files")} left out: ${kinds}${others ? ` and ${some(others, "other", "others")}` : ""}`,
  noEnding: "without an ending",

  // All photos by date
  undated: "Without a date",
  goToDate: "Go to a date",
  noPhotosOf: "These photos could not be loaded.",

  // Results
  results: "Search results",
  photosFor: (words: string) => `Photos for ${words}`,
  similarPhotos: "Similar photos",
  markPhotos: "Mark photos",
  found: (words: string, count: number, isMore: boolean) => {
    const what = words ? ` for ${words}` : " like this picture";
    return count ? `${isMore ? "More than " : ""}${photos(count)}${what}` : `No photos${what}`;
  },
  likely: (count: number) => `${count ? number(count) : "none"} of them likely`,
  likelyCount: (count: number) => `${number(count)} likely`,
  lessLikely: "Less likely",
  narrow: "Filter",
  counting: "Counting…",
  noCounts: "The photos could not be counted.",
  nothingToNarrow: "There is nothing to filter these photos by.",
  byTime: "When",
  byPlace: "Where",
  byCamera: "Camera",
  byFolder: "Folder",
  byFormat: "Format",
  rankedAgain: (word: string, good: number, bad: number, isSame: boolean) =>
    `${word}: ${matches(good)}, ${wrong(bad)}${isSame ? "" : ". The photos are in a new order"}`,
  film: "film, ",
  chosen: "chosen",

  // Chosen photos
  chosenPhotos: "Chosen photos",
  chosenCount: "{} chosen",
  photoCount: photos,
  copyPaths: (count: number): string => (count === 1 ? "Copy path" : "Copy paths"),
  atMost: (count: number) => `At most ${number(count)} photos at once`,

  // How words were understood
  understood: "How your words were understood",
  without: (word: string) => `without ${word}`,
  ignore: (word: string) => `Ignore ${word}`,
  useAgain: (word: string) => `Use ${word} again`,
  stopExcluding: (word: string) => `Stop excluding ${word}`,
  excludeAgain: (word: string) => `Exclude ${word} again`,
  stopFiltering: (filter: string) => `Stop filtering by ${filter}`,
  filterAgain: (filter: string) => `Filter by ${filter} again`,
  not: (meaning: string) => `not ${meaning}`,
  taught: (good: number, bad: number) => `, taught: ${matches(good)}${bad ? `, ${wrong(bad)}` : ""}`,
  notKnown: ", not known yet",
  kinds: (count: number) => `: ${number(count)} kinds`,
  searchedAs: (word: string) => `“${word}” is searched as:`,

  // Filters
  filter: {
    from: (day: string) => `from ${day} on`,
    before: (day: string) => `before ${day}`,
    on: (day: string) => `on ${day}`,
    between: (first: string, last: string) => `from ${first} to ${last}`,
    camera: (name: string) => `camera with “${name}” in its name`,
    place: (name: string) => `place with “${name}” in its name`,
    near: (where: string) => `near ${where}`,
    folder: (name: string) => `folder with “${name}” in its path`,
    name: (name: string) => `file with “${name}” in its name`,
    whole: {
      camera: (name: string) => `camera “${name}”`,
      place: (name: string) => `place “${name}”`,
      folder: (name: string) => `folder “${name}”`,
    },
    format: (name: string) => `format ${name}`,
    width: (pixels: string) => `at least ${pixels} pixels wide`,
    height: (pixels: string) => `at least ${pixels} pixels high`,
    orientation: (shape: string) =>
      ({ portrait: "higher than wide", landscape: "wider than high", square: "as wide as high" })[
        shape.toLowerCase()
      ] ?? shape,
  },

  // Guesses and teaching
  guess: (isAll: boolean, count: number) =>
    `No label means {}; these photos are related. Mark the ones that match${
      isAll ? ", or" : `. Teach ${count === 1 ? "it" : "one of them"} alone:`
    }`,
  unlikely: (isAll: boolean, count: number) =>
    `No photo clearly shows {}; these come closest. Mark the ones that match${
      isAll ? ", or" : `. Teach ${count === 1 ? "it" : "one of them"} alone:`
    }`,
  teachWithPicture: (word: string) => `Teach ${word} with a picture`,
  learnedFromPictures: (word: string, count: number) =>
    `Learned ${word} from ${some(count, "picture", "pictures")}`,
  learnedFromPhotos: (word: string, count: number) => `Learned ${word} from ${photos(count)}`,
  similarToPicture: "I don't know {} yet. These photos are similar to the picture.",
  pictureShows: (word: string) => `This picture shows ${word}`,
  learning: "Learning",
  learningWord: "Learning {}: {}, {}",
  dropPicturesOf: (word: string) => `Drop pictures of ${word}`,
  noneShows: "No photo clearly shows {}.",
  unknown: "I don't know {} yet.",
  didYouMean: "Did you mean",
  showOne: "Show me one",
  showOneHow: (word: string) => `Drop, paste or choose one or more pictures of ${word}`,
  pickOne: "Pick one of your photos",
  pickOneHow: (word: string) => `Click any photo below that shows ${word}`,
  pickSeveral: "To teach with several, hold Ctrl while you click, or press one for long.",
  teachWord: (word: string) => `Teach ${word}`,
  keptAs: "It will be kept as {}.",
  teachPart: "Teach a part alone:",
  whichShow: (word: string) => `Which of these photos show ${word}?`,
  markedAs: (word: string, verdict: Verdict, count: number) =>
    `Marked${count > 1 ? ` ${number(count)} photos` : ""} as ${verdict === "good" ? "" : "not "}${word}`,
  undone: "Undone",
  undoneThat: (what: string) => `Undone: ${what}`,
  noLongerMarked: (word: string) => `No longer marked for ${word}`,
  nothingToUndo: "Nothing to undo on this page. Older changes are in History.",
  doneAgain: "Done again",

  // Nothing found
  nothingFound: "Nothing found",
  noneAtAll: "No photo passes all filters of this search. Take one of them away above.",
  tooCommon: "Too common to search for",
  addANoun: (words: string) => `Add a word that says what the photos show, as in “${words} beach”.`,
  onlyExcluded: "Only words to leave out",
  addAWord: (words: string) => `Add a word that the photos are to show, as in “beach ${words}”.`,
  partsIgnored: "Parts of this search are ignored. {}",
  useThemAgain: "Use them again",
  tryOthers: "Try other words, or drop a similar picture.",

  // One photo
  photo: (name: string) => `Photo ${name}`,
  back: "Back",
  previous: "Previous photo",
  next: "Next photo",
  fileMissing: "The file is missing or can't be read. Was it moved?",
  cannotPlay: "Your browser can't play this film. Download it to watch it.",
  why: "Why this was found",
  score: "Score",
  more: (count: number) => `${number(count)} more`,
  votes: (good: number, bad: number) =>
    `marked as a match${good > 1 || bad ? ` by ${people(good)}` : ""}${
      bad ? `, not a match for ${people(bad)}` : ""
    }`,
  recognised: "What Magpie recognised",
  seeSimilar: "See all similar",
  percentSimilar: (percent: string) => `${percent} similar`,
  file: "File",
  copyPath: "Copy path",
  copyThisPath: (path: string) => `Copy path ${path}`,
  position: (latitude: string, longitude: string) => `Position ${latitude}, ${longitude}`,
  inThisFolder: "In this folder",
  inFolderOf: (path: string) => `In the folder of ${path}`,
  takenAt: (time: string) => `Taken ${time}`,
  modifiedAt: (time: string) => `File modified ${time}`,
  pixels: (width: string, height: string) => `${width} × ${height} pixels`,
  exposure: "Exposure",
  aperture: "Aperture",
  iso: "ISO",
  focalLength: "Focal length",
  equivalent: (millimetres: string, others: string) => `${millimetres} mm (${others} mm equivalent)`,
  lens: "Lens",
  long: (length: string) => `${length} long`,
  damaged: "Damaged file: a part of the picture is missing.",

  // Words
  exported: "Export",
  import: "Import",
  importWords: "Import words from a file",
  noWords: "No words yet",
  noWordsHow: "Search for something and mark which photos match. You can teach a new word with a single picture.",
  photosOf: (word: string) => `Photos of ${word}`,
  examplesOf: (word: string) => `Examples of ${word}`,
  example: "Example",
  counterexample: "Counterexample",
  andMore: (count: number) => `and ${number(count)} more`,
  uploadedPicture: "Uploaded picture",
  uploaded: "uploaded",
  rename: "Rename",
  renameWord: (word: string) => `Rename ${word}`,
  newName: (word: string) => `New name for ${word}`,
  save: "Save",
  mergeDots: "Merge…",
  merge: "Merge",
  mergeWord: (word: string) => `Merge ${word}`,
  into: "into",
  mergeSays: (word: string, into: string, good: number, bad: number) =>
    `${into} will also have what ${word} has: ${matches(good)}, ${wrong(bad)}. ${word} will be gone.`,
  mergeIntoIt: "Merge into it",
  thereIs: (word: string) => `There is a word ${word} already.`,
  forget: "Forget",
  forgetWord: (word: string) => `Forget ${word}`,
  forgotten: (word: string) => `${word} forgotten`,
  mergedInto: (word: string, into: string) => `Merged ${word} into ${into}`,
  renamedTo: (word: string, name: string, isOther: boolean) =>
    `Renamed ${word} to ${name}${isOther ? ", the form in which Magpie keeps it" : ""}`,
  imported: (changes: number, words: number) =>
    changes
      ? `Imported ${some(changes, "change", "changes")}${words ? ` to ${some(words, "word", "words")}` : ""}`
      : "Nothing new in this file",
  importUndone: "Import undone",
  filterWords: "Filter by word",
  noneOf: (text: string) => `Nothing with “${text}”`,
  editExamples: "Edit examples",
  editExamplesOf: (word: string) => `Edit examples of ${word}`,
  removeExample: "Remove this example",
  exampleRemoved: (word: string) => `Removed an example of ${word}`,

  // History
  nothingTaught: "Nothing taught yet",
  nothingTaughtHow: "Everything you mark appears here and can be undone.",
  noOlder: "Older entries could not be loaded.",
  showOlder: "Show older",
  today: "Today",
  yesterday: "Yesterday",
  justNow: "just now",
  by: (user: string) => ` by ${user}`,
  undoneAt: (time: string) => (time ? ` undone ${time}` : " undone"),
  /** What an event did; `{}` is its word. */
  event: {
    click: (count: number) => `marked ${photos(count)} for {}`,
    teach: "taught {}",
    forget: "forgot {}",
    rename: (name: string) => `renamed {} to ${name}`,
    merge: (into: string) => `merged {} into ${into}`,
    undo: "undid a change to {}",
    undoAny: "undid a change",
  },
  undoThat: (what: string) => `Undo: ${what}`,
  redoThat: (what: string) => `Redo: ${what}`,

  // States
  noServer: "Can't reach Magpie",
  noStore: "Can't reach the photo store",
  storeAt: "It should be at {}.",
  reconnecting: "Reconnecting…",
  pictureGone: "This picture is no longer available",
  pictureGoneHow: "Uploaded pictures are kept only for a while. Drop it again to search with it.",
  searchWithout: "Search without it",
  photoGone: "This photo is gone",
  backToPhotos: "Back to the photos",
  wentWrong: "Something went wrong",
  readingPhotos: "Reading your photos",
  firstSoon: "You can search the first ones in a moment.",
  noPhotos: "No photos yet",
  runThis: "Run this on the machine with your photos. This page updates by itself.",
  photosStay: "Your photos stay where they are, unchanged, and nothing leaves your machine.",
  enterKey: "Enter the access key",
  keyIs: "It is the value of MAGPIE_API_KEY that the server was started with.",
  accessKey: "Access key",
  showKey: "Show key",
  continue: "Continue",
  wrongKey: "Wrong key.",
  noSuchPage: "No such page",
  noPage: "There is no page here",
  noPageHow: "The address may have been typed wrongly. Search above, or begin again.",
  toStart: "To the start page",
  phase: {
    looking: "Looking for photos",
    reading: "Reading photos",
    linking: "Finding similar photos",
  },
  foundSoFar: (phase: string, count: string) => `${phase}: ${count} found so far`,
  progress: (phase: string, done: string, total: string, percent: string, left: string) =>
    `${phase}: ${done} of ${total} (${percent})${left ? `, ${left} left` : ""}`,

  // Status
  status: "Status",
  photosInFiles: (count: number, files: number) => `${photos(count)} in ${some(files, "file", "files")}`,
  describedBy: (network: string) => `Described by the network ${network}`,
  sizeOf: (size: string) => `The store takes ${size}`,
  wordsLearned: (count: number) => some(count, "word learned", "words learned"),
  leftOutTitle: "Left out",
  leftOutHow: "Files of these kinds are not photos, or cannot be read here.",
  unreadableTitle: "Not readable",
  unreadable: (count: number) => `${some(count, "file", "files")} could not be read`,
  firstOf: (count: number) => `The first ${number(count)}:`,
  noReasons: "The reasons could not be loaded.",
  following: (folders: string) => `Changes are followed in ${folders}`,
  addPhotos: "Add photos",
  addPhotosHow: "Run this on the machine with your photos, with the folder they are in. Photos that are known already are not read again.",

  // Errors, by the API's codes: none of its messages is shown
  saveFirst: "Save the picture first, then drop its file here.",
  tooLarge: (name: string, megabytes: string) => 
    `This picture is too large: ${name} has more than ${megabytes} MB. Try a smaller copy.`,
  tooManyPictures: (most: number) => `At most ${number(most)} pictures teach a word at once. Choose fewer.`,
  error: {
    unreachable: "Magpie doesn't answer. Is its server running?",
    unavailable: "The photo store doesn't answer, or Magpie is busy. Try again in a moment.",
    too_many: "There were too many requests. Try again in a moment.",
    unauthorized: "The access key is missing or has expired. Load this page again to enter it.",
    forbidden:
      "Magpie does not accept requests from this page's address. Open it at localhost, or start magpie serve with --origin and this address.",
    read_only: "This library can be searched, but nothing can be taught or changed here.",
    not_found: "This is no longer there. It may have been changed in another window.",
    conflict: "The library is being copied or changed. Try again when that is done.",
    too_slow: "The upload was too slow. Try again on a better connection, or with a smaller copy.",
    too_large: "This picture is too large. Try a smaller copy.",
    not_an_image: "Magpie can't read this file. Try a JPEG, PNG, WebP or HEIC.",
    wrong_shape: "This page and Magpie's server don't fit together. Load this page again.",
    bad_value: "Magpie can't work with that. Try other words.",
    internal: "Magpie has made a mistake. Its log says more.",
    /** Any other code. */
    unknown: "Magpie's answer can't be understood. Load this page again.",
  },
  /** What a code means for one thing that was tried; other codes mean the same everywhere. */
  tried: {
    search: {
      bad_value:
        "Magpie can't search for this. Check the dates, and the names after colons, as in folder:holiday.",
    },
    undo: {
      bad_value: "This was undone already.",
      not_found: "This can't be undone: it is no longer in the history.",
    },
    redo: {
      bad_value: "This can't be done again: the word has changed since.",
      not_found: "This can't be done again: a word or photo of it is no longer there.",
    },
    mark: { not_found: "This photo is no longer in the library." },
    remove: { not_found: "Other people have marked this example. Only they can take that back." },
    rename: {
      bad_value: "This name is taken or can't be kept. Choose another one, or merge the words.",
      not_found: "This word is no longer there. It may have been changed in another window.",
    },
    import: {
      bad_value: "This is not a file that Magpie exported. Nothing was imported.",
      wrong_shape: "This is not a file that Magpie exported. Nothing was imported.",
    },
    file: {
      failed: "The file of this photo is gone or has changed. Index again to bring the library up to date.",
    },
    photo: { not_found: "This photo is no longer in the library." },
  },

  /** Why a label counts or a photo was found, from the API's English. */
  because: (why: string) => why.replace("of one kind with ", "close relative of ").replace(/marked bad by 1 vote$/, "marked once as not a match"),
};

export type Texts = typeof en;
