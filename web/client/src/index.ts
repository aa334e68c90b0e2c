export { browserEnv, type Env, type SocketLike, type StorageLike } from './env.ts';
export { createHttp, type Http, HttpError, type HttpOptions } from './http.ts';
export { uuidv7 } from './ids.ts';
export { Live, type LiveOptions } from './live.ts';
export { hasOlder, type LogView, lastSeq } from './log.ts';
export { Outbox, type Unacked } from './outbox.ts';
export {
  type Input,
  type LocalFrame,
  type Needs,
  newView,
  type Pending,
  reduce,
  type Streaming,
  type Typing,
  type View,
} from './reducer.ts';
export {
  backoffMs,
  createSocket,
  type Link,
  type Socket,
  type SocketOptions,
  type StopReason,
} from './socket.ts';
export { type Attachment, filesOf, sizeText, Tray, type TrayOptions } from './tray.ts';
export type * from './types.ts';
export { type UploadOptions, upload } from './upload.ts';
