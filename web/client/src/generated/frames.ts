// @generated from docs/frames.json by `cargo xtask generate`; not to be edited by hand.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Id and name of an agent. */
        AuthorName: {
            /** @description The account. */
            id: string;
            /** @description What people read. */
            name: string;
        };
        /** @description A visitor that may not write. */
        Blocked: {
            /**
             * Format: int64
             * @description Since when.
             */
            at: number;
            /** @description Why, in the words of an agent. */
            reason: string;
            /**
             * Format: int64
             * @description Until when; left out until it is lifted.
             */
            until?: number;
        };
        /** @description What a client sends. */
        ClientFrame: {
            /**
             * Format: int64
             * @description The newest seq that the client has.
             */
            after: number;
            /** @description Which. */
            conversation: string;
            /** @description The epoch that these positions are of. */
            epoch?: string;
            /**
             * Format: int64
             * @description The same of the internal log.
             */
            notes_after?: number;
            /** @enum {string} */
            op: "watch";
        } | {
            /** @description Which. */
            conversation: string;
            /** @enum {string} */
            op: "unwatch";
        } | {
            /** @description The sender's own name for it. */
            client_id: string;
            /** @description Which. */
            conversation: string;
            /** @description The id of a file. */
            file?: string;
            /** @enum {string} */
            op: "send";
            /**
             * Format: int64
             * @description The seq of the message that the text is about.
             */
            quotes?: number;
            /** @description What it says. */
            text?: string;
        } | {
            /** @description The sender's own name for it. */
            client_id: string;
            /** @description Which. */
            conversation: string;
            /** @enum {string} */
            op: "note";
            /** @description What it says. */
            text: string;
        } | {
            /** @description Which. */
            conversation: string;
            /** @enum {string} */
            op: "typing";
            /** @description What a visitor has typed so far. */
            text?: string;
        } | {
            /** @description Which. */
            conversation: string;
            /** @enum {string} */
            op: "read";
            /**
             * Format: int64
             * @description Up to.
             */
            seq: number;
        } | {
            /** @description Which. */
            conversation: string;
            /** @enum {string} */
            op: "delivered";
            /**
             * Format: int64
             * @description Up to.
             */
            seq: number;
        } | {
            /** @enum {string} */
            op: "ping";
        };
        /**
         * @description A refusal.
         * @enum {string}
         */
        Code: "bad_frame" | "invalid" | "too_large" | "client_id_conflict" | "type_not_allowed" | "unauthorized" | "identity_expired" | "identity_invalid" | "identity_off" | "forbidden" | "tenant_suspended" | "blocked" | "not_found" | "not_owner" | "version_conflict" | "wrong_state" | "over_capacity" | "rate_limited" | "unavailable" | "storage_full" | "quota_exceeded" | "internal";
        /** @description An entry of a log. */
        Entry: {
            /**
             * Format: int64
             * @description Milliseconds since 1970 in UTC.
             */
            at: number;
            /** @description The agent or engine. */
            author?: components["schemas"]["AuthorName"];
            /** @description The sender's own name for it. */
            client_id?: string;
            /** @description What happened. */
            event?: components["schemas"]["EventBody"];
            /** @description What was sent. */
            file?: components["schemas"]["FileBody"];
            /** @description `visitor`, `engine`, `agent` or `system`. */
            from: components["schemas"]["From"];
            /** @description Its id. */
            id: string;
            /** @description A person took over before the end. */
            interrupted?: boolean;
            /** @description `text`, `file`, `event` or `recalled`. */
            kind: components["schemas"]["EntryKind"];
            /** @description The engine does not know; clients offer a person beside it. */
            offers_human?: boolean;
            /**
             * Format: int64
             * @description The seq of the message that it is about.
             */
            quotes?: number;
            /**
             * Format: int64
             * @description 1, 2, 3 …
             */
            seq: number;
            /** @description Where an answer comes from. */
            sources?: components["schemas"]["SourceBody"][];
            /** @description Always readable by a person; of a file its name, of what was taken back nothing. */
            text: string;
            /** @description The run that made it. */
            turn?: string;
        };
        /**
         * @description What an entry is.
         * @enum {string}
         */
        EntryKind: "text" | "file" | "event" | "recalled";
        /** @description What happened. */
        EventBody: {
            /** @description Whom it is about. */
            agent?: components["schemas"]["AuthorName"];
            /** @description Of a rating: in the visitor's words. */
            comment?: string;
            /** @description A stable word. */
            kind: components["schemas"]["EventKind"];
            /** @description Why a conversation was closed or its visitor blocked, in an agent's words; agents only. */
            reason?: string;
            /**
             * Format: int32
             * @description Of a rating: 1 to 5, the best.
             */
            score?: number;
            /**
             * Format: int64
             * @description Of a recall: which message.
             */
            seq?: number;
            /** @description What a conversation was about; agents only. */
            summary?: string;
            /**
             * Format: int64
             * @description Until when its visitor is blocked; agents only.
             */
            until?: number;
            /** @description Why, a stable word. */
            why?: string;
        };
        /**
         * @description What an event tells.
         * @enum {string}
         */
        EventKind: "queued" | "assigned" | "taken_over" | "given_back" | "transferred" | "closed" | "reopened" | "rated" | "recalled" | "summed_up" | "blocked" | "unblocked";
        /** @description A file that a message sent, or that waits to be sent. */
        FileBody: {
            /**
             * Format: int32
             * @description Height of a picture, in pixels.
             */
            height?: number;
            /** @description Its id. */
            id: string;
            /** @description What it is called. */
            name: string;
            /**
             * Format: int64
             * @description Its length in bytes.
             */
            size: number;
            /** @description Its media type, by its content. */
            type: string;
            /**
             * Format: int32
             * @description Width of a picture, in pixels; one that has it has a thumbnail.
             */
            width?: number;
        };
        /**
         * @description Who wrote an entry.
         * @enum {string}
         */
        From: "visitor" | "engine" | "agent" | "system";
        /**
         * @description What the newest message of a list is.
         * @enum {string}
         */
        LastKind: "text" | "image" | "file" | "recalled";
        /**
         * @description Which log of a conversation.
         * @enum {string}
         */
        Log: "public" | "internal";
        /** @description Who a connection is. */
        Me: {
            /** @description Its id. */
            id: string;
            /** @description `visitor` or `agent`. */
            kind: components["schemas"]["MeKind"];
        };
        /**
         * @description Who a connection is.
         * @enum {string}
         */
        MeKind: "visitor" | "agent";
        /** @description An offer that rings. */
        Offered: {
            /** @description The account. */
            agent: string;
            /**
             * Format: int64
             * @description When it passes on.
             */
            until: number;
        };
        /** @description Who answers now. */
        Owner: {
            /**
             * Format: int64
             * @description Rises with each change of owner.
             */
            epoch: number;
            /** @description The engine's name or the account. */
            id?: string;
            /** @description `engine`, `queue` or `agent`. */
            kind: components["schemas"]["OwnerKind"];
            /** @description What people read. */
            name?: string;
        };
        /**
         * @description Who answers now.
         * @enum {string}
         */
        OwnerKind: "engine" | "queue" | "agent";
        /** @description How far both sides have come. */
        Read: {
            /**
             * Format: int64
             * @description The agents.
             */
            agent: number;
            /**
             * Format: int64
             * @description The visitor.
             */
            visitor: number;
        };
        /** @description What the server sends. */
        ServerFrame: {
            epoch: string;
            /** Format: int64 */
            heartbeat_ms: number;
            me: components["schemas"]["Me"];
            /** @enum {string} */
            t: "welcome";
            /** Format: int32 */
            version: number;
        } | {
            /** Format: int64 */
            at: number;
            client_id: string;
            conversation: string;
            duplicate?: boolean;
            id: string;
            log: components["schemas"]["Log"];
            /** Format: int64 */
            seq: number;
            /** @enum {string} */
            t: "ack";
        } | {
            conversation: string;
            entry: components["schemas"]["Entry"];
            log: components["schemas"]["Log"];
            /** @enum {string} */
            t: "entry";
        } | {
            conversation: string;
            epoch: string;
            /** Format: int64 */
            first: number;
            /** Format: int64 */
            head: number;
            /** Format: int64 */
            notes_head?: number;
            state: components["schemas"]["State"] | null;
            /** @enum {string} */
            t: "watched";
        } | {
            conversation: string;
            epoch: string;
            /** @enum {string} */
            t: "resync";
        } | {
            conversation: string;
            state: components["schemas"]["State"];
            /** @enum {string} */
            t: "state";
        } | {
            conversation: components["schemas"]["Summary"];
            /** @enum {string} */
            t: "inbox";
        } | {
            by: string;
            conversation: string;
            from: components["schemas"]["MeKind"];
            /** @enum {string} */
            t: "typing";
            text?: string;
        } | {
            /** Format: int32 */
            attempt: number;
            conversation: string;
            /** Format: int64 */
            position: number;
            /** @enum {string} */
            t: "delta";
            text: string;
            turn: string;
        } | {
            /** Format: int64 */
            at: number;
            heads: {
                [key: string]: [
                    number,
                    number
                ];
            };
            /** @enum {string} */
            t: "heartbeat";
        } | {
            /** @enum {string} */
            t: "pong";
        } | {
            /** Format: int64 */
            in_ms: number;
            /** @enum {string} */
            t: "going_away";
        } | {
            client_id?: string;
            code: components["schemas"]["Code"];
            conversation?: string;
            message: string;
            /** Format: int32 */
            number: number;
            /** Format: int64 */
            retry_after_ms?: number;
            /** @enum {string} */
            t: "error";
        };
        /** @description Where an answer comes from. */
        SourceBody: {
            /** @description The knowledge entry. */
            entry: string;
            /** @description What a person reads. */
            title: string;
        };
        /** @description What both sides know of a conversation. */
        State: {
            /** @description How far the devices of both sides have received; never less than `read`. */
            delivered: components["schemas"]["Read"];
            /**
             * Format: int64
             * @description The newest seq of the public log.
             */
            head: number;
            /**
             * Format: int64
             * @description The newest seq of the internal log; agents only.
             */
            notes_head?: number;
            /** @description Rings at this agent; agents only. */
            offered?: components["schemas"]["Offered"];
            /** @description Who answers now. */
            owner: components["schemas"]["Owner"];
            /**
             * Format: int64
             * @description The place in the queue, 1-based; 201 for everybody behind the first 200.
             */
            position?: number;
            /** @description How far both sides have read. */
            read: components["schemas"]["Read"];
            /** @description `open` or `closed`. */
            status: components["schemas"]["Status"];
        };
        /**
         * @description Whether a conversation goes on.
         * @enum {string}
         */
        Status: "open" | "closed";
        /** @description A conversation in an agent's list. */
        Summary: {
            /** @description Its visitor may not write, or may again since `until`. */
            blocked?: components["schemas"]["Blocked"];
            /**
             * Format: int64
             * @description When it began.
             */
            created_at: number;
            /**
             * Format: int64
             * @description The newest seq of the public log.
             */
            head: number;
            /** @description Its id. */
            id: string;
            last: components["schemas"]["SummaryLast"] | null;
            /**
             * Format: int64
             * @description The newest seq of the internal log.
             */
            notes_head: number;
            /** @description Rings at this agent. */
            offered?: components["schemas"]["Offered"];
            /** @description Who answers now. */
            owner: components["schemas"]["Owner"];
            /** @description Where it began. */
            site: string;
            /** @description `open` or `closed`. */
            status: components["schemas"]["Status"];
            /** @description The ids of the tenant's tags on it; one that the tenant's list has no more was deleted. */
            tags?: string[];
            /**
             * Format: int64
             * @description Entries that no agent has read.
             */
            unread: number;
            /**
             * Format: int64
             * @description Rises with each change of state.
             */
            version: number;
            /** @description Who asks. */
            visitor: components["schemas"]["SummaryVisitor"];
            /**
             * Format: int64
             * @description Since when the visitor waits.
             */
            waiting_since: number | null;
        };
        /** @description The newest message in a list. */
        SummaryLast: {
            /**
             * Format: int64
             * @description When.
             */
            at: number;
            /** @description Who wrote it. */
            from: components["schemas"]["From"];
            /** @description `text`, `image`, `file` or `recalled`. */
            kind: components["schemas"]["LastKind"];
            /** @description Its beginning; of a file its name. */
            text: string;
        };
        /** @description The visitor in a list. */
        SummaryVisitor: {
            /** @description Its id. */
            id: string;
            /** @description What people read. */
            name: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
