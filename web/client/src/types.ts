// The words of docs/protocol.md, version 1, by the names this client uses. The types themselves are
// made from the server's own documents; what stands here in full is what only a client needs.

import type { components as Api, operations } from './generated/api.ts';
import type { components as Socket } from './generated/frames.ts';

type Body = Api['schemas'];
type Frame = Socket['schemas'];

export type Log = Frame['Log'];
export type From = Frame['From'];
export type MeKind = Frame['MeKind'];
export type Person = Frame['AuthorName'];
export type Source = Frame['SourceBody'];
export type FileInfo = Frame['FileBody'];

/** What an `event` entry says happened. A reader that does not know the kind shows the entry's `text`. */
export type EntryEvent = Frame['EventBody'];
export type Entry = Frame['Entry'];
export type Owner = Frame['Owner'];
export type Offer = Frame['Offered'];
export type State = Frame['State'];
export type Summary = Frame['Summary'];

export type ClientFrame = Frame['ClientFrame'];

type Named<T extends Frame['ServerFrame']['t']> = Extract<Frame['ServerFrame'], { t: T }>;
export type Welcome = Named<'welcome'>;
export type Ack = Named<'ack'>;
export type EntryFrame = Omit<Named<'entry'>, 'entry'> & { entry: Entry };
export type Watched = Named<'watched'>;
export type Delta = Named<'delta'>;
export type TypingFrame = Named<'typing'>;
export type ErrorFrame = Named<'error'>;
export type ServerFrame = Exclude<Frame['ServerFrame'], { t: 'entry' }> | EntryFrame;

/** A stable code of the server, or one of this client's own (`network`, `outbox_full` …). */
export type Code = Body['Code'] | (string & {});
/** RFC 9457 problem details, as every HTTP error answers. `status` 0: the network failed before an answer. */
export type Problem = Omit<Body['Problem'], 'code' | 'detail'> & { code: Code; detail?: string };

export type VisitorSession = Body['VisitorSession'];
export type SiteCard = Body['SiteCard'];
export type Availability = Body['Availability'];
export type Role = Body['Role'];
export type Me = Body['Account'];
export type Tenant = Body['Tenant'];
export type Member = Body['Member'];
export type Site = Body['Site'];
export type SignInSession = Body['SignInSession'];
export type InboxView = NonNullable<
  NonNullable<operations['conversations_list']['parameters']['query']>['view']
>;
export type ConversationPage = Body['ConversationPage'];
export type ConversationAnswer = Body['ConversationAnswer'];
export type EntryPage = Omit<Body['EntryPage'], 'entries'> & { entries: Entry[] };
export type Sent = Body['Sent'];
export type RateAnswer = Body['RateAnswer'];
export type SiteLook = Body['SiteLook'];

export type KnowledgeEntry = Body['KnowledgeEntry'];
export type KnowledgeDraft = Omit<KnowledgeEntry, 'id' | 'updated_at'>;
export type KnowledgePage = Body['KnowledgePage'];
export type KnowledgeHit = Body['KnowledgeHit'];
/** Exactly what a visitor would get. `answer` is null when nothing passes the `gate`. */
export type KnowledgeAnswer = Body['KnowledgeAnswer'];
export type KnowledgeImport = Body['ImportAnswer'];

/** An engine that can be chosen; its secrets only go in, and `secrets` says which are set. */
export type Engine = Omit<Body['Engine'], 'settings' | 'origin' | 'state'> & {
  settings: Record<string, unknown>;
  origin: 'built_in' | 'file' | 'tenant';
  state: 'ready' | 'resting' | 'off' | 'broken';
};
/** How a short question to an engine went. */
export type EngineTried = Omit<Body['EngineTried'], 'answer'> & {
  answer: 'given' | 'unknown' | 'wants_human' | 'failed';
};

/** The rules that choose an engine, with their history. */
export type Rules = Body['Rules'];
export type RulesVersion = Body['RulesVersion'];
export type RuleNote = Body['RuleNote'];
export type RulesChecked = Body['RulesChecked'];
export type RouteQuestion = Body['RouteQuestion'];
export type Routed = Omit<Body['Routed'], 'from' | 'chain'> & {
  from: 'tenant' | 'file' | 'site';
  chain: { engine: string; params: Record<string, unknown>; missing?: string }[];
};

export type FirstStepKind = 'site' | 'snippet' | 'seen' | 'knowledge' | 'first_answer' | 'colleague';
type FirstStep = Body['FirstSteps']['steps'][number] & { kind: FirstStepKind };
export type FirstSteps = { steps: FirstStep[] };

/** A link that works once; shown to whoever made it, never again. */
export type OneTimeLink = Body['ResetLink'];
export type MyTenant = Body['Membership'];
export type SiteIdentity = Body['SiteIdentity'];
export type IdentitySecret = Body['IdentitySecret'];
export type WaysIn = Body['WaysIn'];
export type SignUp = Body['SignUp'];
export type OperatorTenant = Body['OperatedTenant'];
export type NewTenant = Body['FoundedTenant'];

export type CannedReply = Body['CannedReply'];
export type CannedDraft = Omit<CannedReply, 'id' | 'updated_at'>;
export type Tag = Body['Tag'];
export type TagColour = Tag['colour'];
export type TagDraft = Omit<Tag, 'id'>;
export type DeskSettings = Body['DeskSettings'];
/** What an agent has begun to write; empty for nothing. */
export type Begun = Required<Body['Begun']>;
export type BlockedVisitor = Body['BlockedVisitor'];
/** What is said when a conversation is closed. */
export type Closing = { reason?: string; summary?: string };
