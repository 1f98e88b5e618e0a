/** Alle Texte der Seite auf Deutsch. `{}` ist der Platz eines Elements, etwa eines betonten Wortes. */
import type { Verdict } from "../types";
import type { Texts } from "./en";
import { number } from "./locale";

const some = (count: number, one: string, more: string) => `${number(count)} ${count === 1 ? one : more}`;
const photos = (count: number) => some(count, "Foto", "Fotos");
const matches = (count: number) => some(count, "Treffer", "Treffer");
const wrong = (count: number) => `${number(count)} falsch`;
const people = (count: number) => some(count, "Person", "Personen");
const VERDICT = { good: "Treffer", bad: "Kein Treffer" };

/** Die Begründungen der Schnittstelle, die Englisch spricht. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/(^|, )marked bad by 1 vote$/, "$1einmal als kein Treffer markiert"],
  [/(^|, )near (.+) in WordNet$/, "$1in WordNet nahe bei $2"],
  [/(^|, )near photos marked good$/, "$1nahe bei Treffern"],
  [/(^|, )near photos marked bad$/, "$1nahe bei falschen Fotos"],
  [/(^|, )near (.+) marked good \((.+)\)$/, "$1nahe beim Treffer $2 ($3)"],
  [/(^|, )near (.+) marked bad \((.+)\)$/, "$1nahe beim falschen Foto $2 ($3)"],
  [/(^|, )found around (.+)$/, "$1kommt in der Nähe von $2 vor"],
  [/(^|, )used for (.+)$/, "$1wird für $2 gebraucht"],
  [/(^|, )seen with (.+)$/, "$1ist oft mit $2 zu sehen"],
  [/(^|, )its definition mentions (.+)$/, "$1seine Definition nennt $2"],
  [/(^|, )the definition of (.+) mentions it$/, "$1die Definition von $2 nennt es"],
  [/(^|, )of one kind with (.+)$/, "$1nah verwandt mit $2"],
  [/(^|, )nothing here looks like it$/, "$1nichts hier sieht so aus"],
  [/(^|, )looks like (.+)$/, "$1sieht aus wie $2"],
  [/(^|, )like (.+)$/, "$1ähnlich wie $2"],
  [/(^|, )a kind of (.+)$/, "$1eine Art von $2"],
];

export const de: Texts = {
  // Kopfzeile und was überall vorkommt
  main: "Hauptmenü",
  words: "Wörter",
  history: "Verlauf",
  allPhotos: "Alle Fotos",
  theme: {
    system: "Farben des Systems verwenden",
    light: "Helle Farben verwenden",
    dark: "Dunkle Farben verwenden",
  },
  keys: "Tastenkürzel",
  keyList: {
    search: "suchen",
    move: "von Foto zu Foto gehen",
    good: "als Treffer markieren",
    bad: "als keinen Treffer markieren",
    undo: "letzte Markierung zurücknehmen",
    zoom: "in das offene Foto hineinzoomen",
    full: "das offene Foto im Vollbild zeigen",
    choose: "das Foto auswählen oder abwählen",
    all: "mit Klick oder Pfeil: alle dazwischen auswählen",
    similar: "ähnliche Fotos suchen",
    open: "das Foto öffnen",
    back: "zurückgehen",
    help: "diese Tastenkürzel zeigen",
  },
  keyNames: { shift: "Umschalt", enter: "Eingabe", escape: "Esc" },
  close: "Schließen",
  cancel: "Abbrechen",
  dismiss: "Ausblenden",
  tryAgain: "Noch einmal versuchen",
  tryNow: "Jetzt versuchen",
  undo: "Rückgängig",
  redo: "Wiederholen",
  done: "Fertig",
  download: "Herunterladen",
  showFewer: "Weniger zeigen",
  showAll: (count) => `Alle ${number(count)} zeigen`,
  noMorePhotos: "Weitere Fotos konnten nicht geladen werden.",
  morePhotos: "Weitere Fotos",

  // Urteile
  verdict: VERDICT,
  verdictFor: (verdict, word) => `${VERDICT[verdict]} für ${word}`,
  verdictForMany: (verdict, word, count) => `${VERDICT[verdict]} für ${word}: ${photos(count)}`,
  marked: { good: "als Treffer markiert", bad: "als kein Treffer markiert" },
  photoMarked: { good: "Als Treffer markiertes Foto", bad: "Als kein Treffer markiertes Foto" },
  counted: (count, verdict: Verdict) => (verdict === "good" ? matches(count) : wrong(count)),
  doesMatch: (word) => `Passt das zu ${word}?`,

  // Kopieren
  copy: { command: "Befehl kopieren" },
  copied: { command: "Befehl kopiert" },
  notCopied: {
    command: "Dein Browser lässt das Kopieren nicht zu. Markiere den Befehl und kopiere ihn selbst.",
    path: "Dein Browser lässt das Kopieren nicht zu. Markiere den Pfad und kopiere ihn selbst.",
    paths: "Dein Browser lässt das Kopieren nicht zu.",
  },
  pathsCopied: (count) => (count === 1 ? "Pfad kopiert" : `${number(count)} Pfade kopiert`),

  // Suchleiste
  search: "Suche",
  searchPhotos: "Deine Fotos durchsuchen",
  addWords: "Wörter hinzufügen",
  clearWords: "Wörter löschen",
  searchByPicture: "Mit einem Bild suchen",
  dropToSearch: "Leg ein Bild hier ab, um damit zu suchen",
  suggestions: "Vorschläge",
  recent: "letzte Suche",
  forgetSearches: "Letzte Suchen vergessen",
  searching: "Suche läuft",
  searchingNow: "Suche läuft …",
  queryPicture: "Bild, mit dem du suchst",
  removePicture: "Bild entfernen",
  onlyFirst: "Nur das erste Bild wurde verwendet.",

  // Startseite
  hint: "Suche mit Wörtern, oder zieh ein Bild hierher, füge es ein oder wähle es aus.",
  wordsTaught: "Wörter, die du beigebracht hast",
  toBeginWith: "Suchen für den Anfang",
  canTeach: "Ein Wort, das Magpie nicht kennt, lernt es schon aus einem einzigen Bild.",
  somePhotos: "Einige deiner Fotos",
  leftOut: (count, kinds, others) =>
    `${some(count, "Datei", "Dateien")} ausgelassen: ${kinds}${others ? ` und ${some(others, "andere", "andere")}` : ""}`,
  noEnding: "ohne Endung",

  // Alle Fotos nach Datum
  undated: "Ohne Datum",
  goToDate: "Zu einem Datum springen",
  noPhotosOf: "Diese Fotos konnten nicht geladen werden.",

  // Ergebnisse
  results: "Suchergebnisse",
  photosFor: (words) => `Fotos für ${words}`,
  similarPhotos: "Ähnliche Fotos",
  markPhotos: "Fotos markieren",
  found: (words, count, isMore) => {
    const what = words ? ` für ${words}` : count === 1 ? ", das diesem Bild ähnelt" : ", die diesem Bild ähneln";
    return count ? `${isMore ? "Mehr als " : ""}${photos(count)}${what}` : `Keine Fotos${what}`;
  },
  likely: (count) => `${count ? number(count) : "keins"} davon wahrscheinlich`,
  likelyCount: (count) => `${number(count)} wahrscheinlich`,
  lessLikely: "Weniger wahrscheinlich",
  narrow: "Filtern",
  counting: "Fotos werden gezählt …",
  noCounts: "Die Fotos ließen sich nicht zählen.",
  nothingToNarrow: "Diese Fotos lassen sich nach nichts filtern.",
  byTime: "Wann",
  byPlace: "Wo",
  byCamera: "Kamera",
  byFolder: "Ordner",
  byFormat: "Format",
  rankedAgain: (word, good, bad, isSame) =>
    `${word}: ${matches(good)}, ${wrong(bad)}${isSame ? "" : ". Die Fotos sind neu geordnet"}`,
  film: "Film, ",
  chosen: "ausgewählt",

  // Ausgewählte Fotos
  chosenPhotos: "Ausgewählte Fotos",
  chosenCount: "{} ausgewählt",
  photoCount: photos,
  copyPaths: (count) => (count === 1 ? "Pfad kopieren" : "Pfade kopieren"),
  atMost: (count) => `Höchstens ${number(count)} Fotos auf einmal`,

  // Wie die Wörter verstanden wurden
  understood: "Wie deine Wörter verstanden wurden",
  without: (word) => `ohne ${word}`,
  ignore: (word) => `${word} nicht beachten`,
  useAgain: (word) => `${word} wieder beachten`,
  stopExcluding: (word) => `${word} nicht mehr ausschließen`,
  excludeAgain: (word) => `${word} wieder ausschließen`,
  stopFiltering: (filter) => `Nicht mehr nach ${filter} filtern`,
  filterAgain: (filter) => `Wieder nach ${filter} filtern`,
  not: (meaning) => `nicht ${meaning}`,
  taught: (good, bad) => `, beigebracht: ${matches(good)}${bad ? `, ${wrong(bad)}` : ""}`,
  notKnown: ", noch unbekannt",
  kinds: (count) => `: ${number(count)} Arten`,
  searchedAs: (word) => `„${word}“ wird gesucht als:`,

  // Filter
  filter: {
    from: (day) => `ab ${day}`,
    before: (day) => `vor ${day}`,
    on: (day) => `am ${day}`,
    between: (first, last) => `${first} bis ${last}`,
    camera: (name) => `Kamera mit „${name}“ im Namen`,
    place: (name) => `Ort mit „${name}“ im Namen`,
    near: (where) => `in der Nähe von ${where}`,
    folder: (name) => `Ordner mit „${name}“ im Pfad`,
    name: (name) => `Datei mit „${name}“ im Namen`,
    whole: {
      camera: (name) => `Kamera „${name}“`,
      place: (name) => `Ort „${name}“`,
      folder: (name) => `Ordner „${name}“`,
    },
    format: (name) => `Format ${name}`,
    width: (pixels) => `mindestens ${pixels} Pixel breit`,
    height: (pixels) => `mindestens ${pixels} Pixel hoch`,
    orientation: (shape) =>
      ({ portrait: "höher als breit", landscape: "breiter als hoch", square: "so breit wie hoch" })[
        shape.toLowerCase()
      ] ?? shape,
  },

  // Vermutungen und Beibringen
  guess: (isAll, count) =>
    `Für {} gibt es keine Bezeichnung; diese Fotos haben damit zu tun. Markiere, was passt${
      isAll ? ", oder" : `. Oder bring ${count === 1 ? "es" : "eines davon"} einzeln bei:`
    }`,
  unlikely: (isAll, count) =>
    `Kein Foto zeigt deutlich {}; diese kommen am nächsten. Markiere, was passt${
      isAll ? ", oder" : `. Oder bring ${count === 1 ? "es" : "eines davon"} einzeln bei:`
    }`,
  teachWithPicture: (word) => `${word} mit einem Bild beibringen`,
  learnedFromPictures: (word, count) => `${word} aus ${some(count, "Bild", "Bildern")} gelernt`,
  learnedFromPhotos: (word, count) => `${word} aus ${some(count, "Foto", "Fotos")} gelernt`,
  similarToPicture: "Ich kenne {} noch nicht. Diese Fotos ähneln dem Bild.",
  pictureShows: (word) => `Dieses Bild zeigt ${word}`,
  learning: "Lernen",
  learningWord: "Ich lerne {}: {}, {}",
  dropPicturesOf: (word) => `Leg Bilder von ${word} hier ab`,
  noneShows: "Kein Foto zeigt deutlich {}.",
  unknown: "Ich kenne {} noch nicht.",
  didYouMean: "Meintest du",
  showOne: "Zeig mir ein Bild",
  showOneHow: (word) => `Zieh ein oder mehrere Bilder von ${word} hierher, füge sie ein oder wähle sie aus`,
  pickOne: "Wähle eins deiner Fotos",
  pickOneHow: (word) => `Klick unten auf ein Foto, das ${word} zeigt`,
  pickSeveral: "Für mehrere halte beim Klicken Strg gedrückt, oder drücke lange auf eins.",
  teachWord: (word) => `${word} beibringen`,
  keptAs: "Ich merke es mir als {}.",
  teachPart: "Nur einen Teil beibringen:",
  whichShow: (word) => `Welche dieser Fotos zeigen ${word}?`,
  markedAs: (word, verdict, count) =>
    `${count > 1 ? `${number(count)} Fotos als` : "Als"} ${verdict === "good" ? "" : "nicht "}${word} markiert`,
  undone: "Rückgängig gemacht",
  undoneThat: (what) => `Rückgängig gemacht: ${what}`,
  noLongerMarked: (word) => `Nicht mehr für ${word} markiert`,
  nothingToUndo: "Hier gibt es nichts zurückzunehmen. Ältere Änderungen stehen im Verlauf.",
  doneAgain: "Wiederholt",

  // Nichts gefunden
  nothingFound: "Nichts gefunden",
  noneAtAll: "Kein Foto erfüllt alle Filter dieser Suche. Nimm oben einen davon weg.",
  tooCommon: "Zu häufig, um danach zu suchen",
  addANoun: (words) => `Füge ein Wort hinzu, das sagt, was die Fotos zeigen, etwa „${words} strand“.`,
  onlyExcluded: "Nur ausgeschlossene Wörter",
  addAWord: (words) => `Füge ein Wort hinzu, das die Fotos zeigen sollen, etwa „strand ${words}“.`,
  partsIgnored: "Teile dieser Suche werden nicht beachtet. {}",
  useThemAgain: "Wieder beachten",
  tryOthers: "Versuche andere Wörter, oder zieh ein ähnliches Bild hierher.",

  // Ein Foto
  photo: (name) => `Foto ${name}`,
  back: "Zurück",
  previous: "Vorheriges Foto",
  next: "Nächstes Foto",
  fileMissing: "Die Datei fehlt oder ist nicht lesbar. Wurde sie verschoben?",
  cannotPlay: "Dein Browser kann diesen Film nicht abspielen. Lade ihn herunter, um ihn anzusehen.",
  why: "Warum dieses Foto gefunden wurde",
  score: "Summe",
  more: (count) => `${number(count)} weitere`,
  votes: (good, bad) =>
    `als Treffer markiert${good > 1 || bad ? ` von ${people(good)}` : ""}${
      bad ? `, kein Treffer für ${people(bad)}` : ""
    }`,
  recognised: "Was Magpie erkannt hat",
  seeSimilar: "Alle ähnlichen zeigen",
  percentSimilar: (percent) => `${percent} ähnlich`,
  file: "Datei",
  copyPath: "Pfad kopieren",
  copyThisPath: (path) => `Pfad ${path} kopieren`,
  position: (latitude, longitude) => `Position ${latitude}; ${longitude}`,
  inThisFolder: "In diesem Ordner",
  inFolderOf: (path) => `Im Ordner von ${path}`,
  takenAt: (time) => `Aufgenommen am ${time}`,
  modifiedAt: (time) => `Datei geändert am ${time}`,
  pixels: (width, height) => `${width} × ${height} Pixel`,
  exposure: "Belichtung",
  aperture: "Blende",
  iso: "ISO",
  focalLength: "Brennweite",
  equivalent: (millimetres, others) => `${millimetres} mm (Kleinbild ${others} mm)`,
  lens: "Objektiv",
  long: (length) => `Dauer ${length}`,
  damaged: "Beschädigte Datei: Ein Teil des Bildes fehlt.",

  // Wörter
  exported: "Exportieren",
  import: "Importieren",
  importWords: "Wörter aus einer Datei importieren",
  noWords: "Noch keine Wörter",
  noWordsHow:
    "Suche nach etwas und markiere, welche Fotos passen. Ein neues Wort kannst du schon mit einem einzigen Bild beibringen.",
  photosOf: (word) => `Fotos von ${word}`,
  examplesOf: (word) => `Beispiele für ${word}`,
  example: "Beispiel",
  counterexample: "Gegenbeispiel",
  andMore: (count) => `und ${number(count)} weitere`,
  uploadedPicture: "Hochgeladenes Bild",
  uploaded: "hochgeladen",
  rename: "Umbenennen",
  renameWord: (word) => `${word} umbenennen`,
  newName: (word) => `Neuer Name für ${word}`,
  save: "Speichern",
  mergeDots: "Zusammenführen …",
  merge: "Zusammenführen",
  mergeWord: (word) => `${word} zusammenführen`,
  into: "mit",
  mergeSays: (word, into, good, bad) =>
    `${into} bekommt dazu, was ${word} hat: ${matches(good)}, ${wrong(bad)}. ${word} gibt es dann nicht mehr.`,
  mergeIntoIt: "Damit zusammenführen",
  thereIs: (word) => `Das Wort ${word} gibt es schon.`,
  forget: "Vergessen",
  forgetWord: (word) => `${word} vergessen`,
  forgotten: (word) => `${word} vergessen`,
  mergedInto: (word, into) => `${word} mit ${into} zusammengeführt`,
  renamedTo: (word, name, isOther) =>
    `${word} in ${name} umbenannt${isOther ? "; in dieser Form merkt Magpie es sich" : ""}`,
  imported: (changes, words) =>
    changes
      ? `${some(changes, "Änderung", "Änderungen")}${words ? ` an ${some(words, "Wort", "Wörtern")}` : ""} importiert`
      : "Nichts Neues in dieser Datei",
  importUndone: "Import rückgängig gemacht",
  filterWords: "Nach Wort filtern",
  noneOf: (text) => `Nichts mit „${text}“`,
  editExamples: "Beispiele ändern",
  editExamplesOf: (word) => `Beispiele für ${word} ändern`,
  removeExample: "Dieses Beispiel entfernen",
  exampleRemoved: (word) => `Ein Beispiel für ${word} entfernt`,

  // Verlauf
  nothingTaught: "Noch nichts beigebracht",
  nothingTaughtHow: "Alles, was du markierst, erscheint hier und lässt sich rückgängig machen.",
  noOlder: "Ältere Einträge konnten nicht geladen werden.",
  showOlder: "Ältere zeigen",
  today: "Heute",
  yesterday: "Gestern",
  justNow: "gerade eben",
  by: (user) => ` von ${user}`,
  undoneAt: (time) => (time ? ` um ${time} rückgängig gemacht` : " rückgängig gemacht"),
  event: {
    click: (count) => `${photos(count)} für {} markiert`,
    teach: "{} beigebracht",
    forget: "{} vergessen",
    rename: (name) => `{} in ${name} umbenannt`,
    merge: (into) => `{} mit ${into} zusammengeführt`,
    undo: "eine Änderung an {} rückgängig gemacht",
    undoAny: "eine Änderung rückgängig gemacht",
  },
  undoThat: (what) => `Rückgängig machen: ${what}`,
  redoThat: (what) => `Wiederholen: ${what}`,

  // Zustände
  noServer: "Magpie ist nicht erreichbar",
  noStore: "Der Fotospeicher ist nicht erreichbar",
  storeAt: "Er sollte unter {} antworten.",
  reconnecting: "Verbindung wird wiederhergestellt …",
  pictureGone: "Dieses Bild ist nicht mehr da",
  pictureGoneHow: "Hochgeladene Bilder werden nur eine Weile aufgehoben. Zieh es noch einmal hierher, um damit zu suchen.",
  searchWithout: "Ohne das Bild suchen",
  photoGone: "Dieses Foto ist weg",
  backToPhotos: "Zurück zu den Fotos",
  wentWrong: "Etwas ist schiefgegangen",
  readingPhotos: "Deine Fotos werden gelesen",
  firstSoon: "Die ersten kannst du gleich durchsuchen.",
  noPhotos: "Noch keine Fotos",
  runThis: "Führe dies auf dem Rechner mit deinen Fotos aus. Diese Seite aktualisiert sich von selbst.",
  photosStay: "Deine Fotos bleiben unverändert, wo sie sind, und nichts verlässt deinen Rechner.",
  enterKey: "Zugangsschlüssel eingeben",
  keyIs: "Es ist der Wert von MAGPIE_API_KEY, mit dem der Server gestartet wurde.",
  accessKey: "Zugangsschlüssel",
  showKey: "Schlüssel zeigen",
  continue: "Weiter",
  wrongKey: "Falscher Schlüssel.",
  noSuchPage: "Seite nicht gefunden",
  noPage: "Hier ist keine Seite",
  noPageHow: "Vielleicht ist die Adresse falsch geschrieben. Suche oben oder fang von vorn an.",
  toStart: "Zur Startseite",
  phase: {
    looking: "Fotos werden gesucht",
    reading: "Fotos werden gelesen",
    linking: "Ähnliche Fotos werden gesucht",
  },
  foundSoFar: (phase, count) => `${phase}: bisher ${count} gefunden`,
  progress: (phase, done, total, percent, left) =>
    `${phase}: ${done} von ${total} (${percent})${left ? `, noch ${left}` : ""}`,

  // Status
  status: "Status",
  photosInFiles: (count, files) => `${photos(count)} in ${some(files, "Datei", "Dateien")}`,
  describedBy: (network) => `Beschrieben vom Netz ${network}`,
  sizeOf: (size) => `Der Speicher belegt ${size}`,
  wordsLearned: (count) => some(count, "Wort gelernt", "Wörter gelernt"),
  leftOutTitle: "Ausgelassen",
  leftOutHow: "Solche Dateien sind keine Fotos oder lassen sich hier nicht lesen.",
  unreadableTitle: "Nicht lesbar",
  unreadable: (count) => `${some(count, "Datei war", "Dateien waren")} nicht lesbar`,
  firstOf: (count) => `Die ersten ${number(count)}:`,
  noReasons: "Die Gründe konnten nicht geladen werden.",
  following: (folders) => `Änderungen werden verfolgt in ${folders}`,
  addPhotos: "Fotos hinzufügen",
  addPhotosHow:
    "Führe dies auf dem Rechner mit deinen Fotos aus, mit dem Ordner, in dem sie liegen. Was schon bekannt ist, wird nicht noch einmal gelesen.",

  // Fehler
  saveFirst: "Speichere das Bild zuerst, dann zieh seine Datei hierher.",
  tooLarge: (name, megabytes) => 
    `Dieses Bild ist zu groß: ${name} hat mehr als ${megabytes} MB. Versuche es mit einer kleineren Kopie.`,
  tooManyPictures: (most) => 
    `Ein Wort lernt Magpie aus höchstens ${number(most)} Bildern auf einmal. Wähle weniger aus.`,
  error: {
    unreachable: "Magpie antwortet nicht. Läuft der Server?",
    unavailable: "Der Fotospeicher antwortet nicht, oder Magpie ist beschäftigt. Versuche es gleich noch einmal.",
    too_many: "Das waren zu viele Anfragen. Versuche es gleich noch einmal.",
    unauthorized: "Der Zugangsschlüssel fehlt oder ist abgelaufen. Lade diese Seite neu, um ihn einzugeben.",
    forbidden:
      "Von der Adresse dieser Seite nimmt Magpie nichts an. Öffne sie unter localhost, oder starte magpie serve mit --origin und dieser Adresse.",
    read_only: "In dieser Bibliothek kannst du suchen, aber nichts beibringen oder ändern.",
    not_found: "Das gibt es nicht mehr. Vielleicht wurde es in einem anderen Fenster geändert.",
    conflict: "Die Bibliothek wird gerade kopiert oder geändert. Versuche es danach noch einmal.",
    too_slow: "Das Hochladen hat zu lange gedauert. Versuche es mit besserer Verbindung oder einer kleineren Kopie.",
    too_large: "Dieses Bild ist zu groß. Versuche es mit einer kleineren Kopie.",
    not_an_image: "Magpie kann diese Datei nicht lesen. Versuche es mit JPEG, PNG, WebP oder HEIC.",
    wrong_shape: "Diese Seite und Magpies Server passen nicht zusammen. Lade diese Seite neu.",
    bad_value: "Damit kann Magpie nichts anfangen. Versuche andere Wörter.",
    internal: "Magpie hat einen Fehler gemacht. Mehr steht im Protokoll des Servers.",
    unknown: "Die Antwort des Servers ist unverständlich. Lade diese Seite neu.",
  },
  tried: {
    search: {
      bad_value:
        "Danach kann Magpie nicht suchen. Prüfe die Daten und die Namen nach Doppelpunkten, wie in folder:urlaub.",
    },
    undo: {
      bad_value: "Das wurde schon rückgängig gemacht.",
      not_found: "Das lässt sich nicht rückgängig machen: Es steht nicht mehr im Verlauf.",
    },
    redo: {
      bad_value: "Das lässt sich nicht wiederholen: Das Wort wurde seitdem geändert.",
      not_found: "Das lässt sich nicht wiederholen: Ein Wort oder Foto davon gibt es nicht mehr.",
    },
    mark: { not_found: "Dieses Foto ist nicht mehr in der Bibliothek." },
    remove: {
      not_found: "Andere haben dieses Beispiel markiert. Nur sie können das zurücknehmen.",
    },
    rename: {
      bad_value: "Dieser Name ist vergeben oder nicht möglich. Wähle einen anderen, oder führe die Wörter zusammen.",
      not_found: "Dieses Wort gibt es nicht mehr. Vielleicht wurde es in einem anderen Fenster geändert.",
    },
    import: {
      bad_value: "Diese Datei hat Magpie nicht exportiert. Nichts wurde importiert.",
      wrong_shape: "Diese Datei hat Magpie nicht exportiert. Nichts wurde importiert.",
    },
    file: {
      failed:
        "Die Datei dieses Fotos ist weg oder hat sich geändert. Indexiere neu, damit die Bibliothek wieder stimmt.",
    },
    photo: { not_found: "Dieses Foto ist nicht mehr in der Bibliothek." },
  },

  because: (why) => {
    // A translated word says behind the reason what it means: "…, hund = dog".
    const [, reason = why, means = ""] = /^(.*?)(, [^,=]+ = [^,]+)?$/.exec(why) ?? [];
    const [english, german] = REASONS.find(([pattern]) => pattern.test(reason)) ?? [];
    return (english ? reason.replace(english, german!) : reason) + means;
  },
};
