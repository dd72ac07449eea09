export {
  HistoryReader,
  type ReadEvent as HistoryEvent,
  readHistory,
  type StateVisit,
  type Try,
} from "../../local/index.ts";
