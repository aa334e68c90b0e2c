// @generated from docs/openapi.json by `cargo xtask generate`; not to be edited by hand.

export interface paths {
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Changes the own password.
         * @description Ends the account's other sessions and sockets.
         */
        post: operations["account_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sets a new password by a one-time link.
         * @description Ends all of the account's sessions and sockets: whoever had the old password is out.
         */
        post: operations["resets_apply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in: the session is in the cookie of the answer. */
        post: operations["account_sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends this session. */
        post: operations["account_sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes an account with a tenant of its own, where the installation allows it. */
        post: operations["sign_up_sign_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How people come in here: whether anybody may make a tenant of their own. */
        get: operations["sign_up_ways"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Conversations whose visitors are blocked, or were until a time that has passed; newest block first. */
        get: operations["blocks_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/canned": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The team's replies and the own ones, by folder and title. */
        get: operations["canned_list"];
        put?: never;
        /** Adds a reply. Only a manager may share it. */
        post: operations["canned_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/canned/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replaces a reply. What is or becomes shared takes a manager. */
        put: operations["canned_update"];
        post?: never;
        /** Removes a reply. */
        delete: operations["canned_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A list, longest waiting first. */
        get: operations["conversations_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One conversation. */
        get: operations["conversations_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/begun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the agent has begun to write in a conversation, on any of its devices. */
        get: operations["desk_begun"];
        /** Keeps that; both empty for nothing. */
        put: operations["desk_keep"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keeps the visitor of a conversation from writing. */
        put: operations["blocks_block"];
        post?: never;
        /** Lets the visitor of a conversation write again. */
        delete: operations["blocks_unblock"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes the conversation; what is said with it is told to agents alone. The body may be left out. */
        post: operations["conversations_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries of a log, oldest first. */
        get: operations["conversations_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/entries/{seq}/recall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes back a message that the agent sent within the last two minutes. */
        post: operations["recalls_by_agent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An agent's file for a conversation that it answers: the bytes as they are. */
        post: operations["files_agent_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/tags/{tag}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Puts a tag on a conversation. */
        put: operations["tags_put_on"];
        post?: never;
        /** Takes a tag off a conversation. */
        delete: operations["tags_take_off"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Passes the conversation to a colleague or back to the queue. */
        post: operations["conversations_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/{change}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A change without more to say than the version that was looked at; the body may be left out. */
        post: operations["conversations_change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/desk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the tenant has decided about its desk. */
        get: operations["desk_settings"];
        /** Replaces that. */
        put: operations["desk_change"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/engines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All engines that a site or a rule of the tenant may name. */
        get: operations["engines_list"];
        put?: never;
        /** Adds an engine of the tenant; it can be asked at once. */
        post: operations["engines_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/engines/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replaces the settings of an engine of the tenant. The next question is asked with them; answers in the making keep the old ones. */
        put: operations["engines_update"];
        post?: never;
        /** Removes an engine of the tenant, with its secrets; refused while a site is answered by it. */
        delete: operations["engines_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/engines/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks an engine a short question, also one that is switched off: whether it answers, and if not, why. */
        post: operations["engines_try_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of the agent's tenant. */
        get: operations["files_agent_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/first-steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the tenant has come. */
        get: operations["first_steps_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The link is shown once, to the inviter; only its hash is stored. */
        post: operations["members_invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes the account of an invitation; the invitation is used up. */
        post: operations["members_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The entries, newest first. */
        get: operations["knowledge_list"];
        put?: never;
        /** Adds an entry; refused when another one has this question. */
        post: operations["knowledge_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a visitor would get, with the scores behind it. */
        post: operations["knowledge_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All entries as the table that can be imported. */
        get: operations["knowledge_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds and updates entries from a table with the columns question, alternatives and answer. Lines that cannot be read are listed, the others are imported. */
        post: operations["knowledge_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replaces an entry. */
        put: operations["knowledge_update"];
        post?: never;
        /** Removes an entry. */
        delete: operations["knowledge_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["account_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Says whether new conversations may come. */
        put: operations["account_availability"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tenant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Goes on in another tenant.
         * @description The session goes on in another tenant under a new token; the old one ends.
         */
        post: operations["me_switch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenants that the account is a member of. */
        get: operations["me_tenants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenant's members and how busy they are. */
        get: operations["members_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Changes role, capacity or time zone of a member.
         * @description A change of role ends the member's sockets, which come again with the rights that it has now.
         */
        put: operations["members_change"];
        post?: never;
        /**
         * Removes a member from the tenant.
         * @description What the member owned or was offered waits again; its sessions and sockets in this tenant end.
         */
        delete: operations["members_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a link that resets a member's password.
         * @description The link is shown once, to the manager who hands it on; only its hash is stored.
         */
        post: operations["resets_make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All tenants of the installation. */
        get: operations["operator_list"];
        put?: never;
        /** Makes a tenant, and a link for its owner. */
        post: operations["operator_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/tenants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Renames, suspends or resumes a tenant. */
        put: operations["operator_change"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ratings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What visitors said of the tenant's conversations. */
        get: operations["ratings_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules that count, and their history. */
        get: operations["routing_view"];
        /** Puts other rules in place; a text that is wrong is refused with line and column, and those before it stay. */
        put: operations["routing_save"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whether a text could be put in place; nothing is changed. */
        post: operations["routing_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/past": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An older text. */
        get: operations["routing_past"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where a question would go, and why. */
        post: operations["routing_try_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the account is signed in. */
        get: operations["account_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one of the own sessions. */
        delete: operations["account_end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenant's sites. */
        get: operations["sites_list"];
        put?: never;
        /** A new site. */
        post: operations["sites_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes a site's settings. */
        put: operations["sites_update"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{id}/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the site's customers are known. */
        get: operations["identity_read"];
        /** Sets the public key with which the site proves who its customers are. */
        put: operations["identity_set_key"];
        /**
         * Makes a secret with which the site signs who its customers are.
         * @description A new secret, shown once; the one before is of no use from now on.
         */
        post: operations["identity_make_secret"];
        /** Accepts no identity any more. */
        delete: operations["identity_switch_off"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{id}/logo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Uploads the logo of a site: the bytes of a picture as they are.
         * @description It is decoded and written anew, at most 192 pixels wide and high.
         */
        post: operations["logos_set"];
        /** Removes the logo of a site. */
        delete: operations["logos_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/socket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The WebSocket of visitors and agents; docs/protocol.md has its frames.
         * @description Visitors offer the subprotocols `macaw.v1` and `bearer.TOKEN`, agents `macaw.v1` and their cookie.
         */
        get: operations["socket_upgrade"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenant's tags, by name. */
        get: operations["tags_list"];
        put?: never;
        /** Adds a tag; refused when another one has this name. */
        post: operations["tags_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tags/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replaces a tag. */
        put: operations["tags_update"];
        post?: never;
        /** Removes a tag, also from the conversations that have it. */
        delete: operations["tags_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own tenant. */
        get: operations["tenant_find"];
        /** Changes name or time zone of the own tenant. */
        put: operations["tenant_change"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visitor/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visitor's file for its own conversation: the bytes as they are. */
        post: operations["files_visitor_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visitor/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of the visitor's own conversation. */
        get: operations["files_visitor_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visitor/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for a person; asking twice is no error. */
        post: operations["visitor_hand_over"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visitor/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own conversation, oldest first. */
        get: operations["visitor_list"];
        put?: never;
        /** Appends a message; the answer comes after it is on the disk. */
        post: operations["visitor_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visitor/messages/{seq}/recall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes back a message that the visitor sent within the last two minutes. */
        post: operations["recalls_by_visitor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visitor/rating": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rates the own conversation after it was closed, once for each closing. */
        post: operations["ratings_rate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visitor/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A token: for who came before if the old one proves it, otherwise for somebody new. */
        post: operations["visitor_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visitor/site/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What loader and panel need; the only thing that a foreign page may read. */
        get: operations["visitor_site"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visitor/site/{id}/logo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The logo of a site. */
        get: operations["visitor_logo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/{site}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The chat page: a page of its own, or inside the widget on the site's own domains. */
        get: operations["pages_chat"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A shop page with the widget; only with `--demo`. */
        get: operations["pages_demo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/api": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The API as a page. */
        get: operations["reference_html"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/api.css": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The page's style. */
        get: operations["reference_css"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers. */
        get: operations["health_alive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures as Prometheus text, for this machine or with the token of `[metrics]`.
         * @description Text for Prometheus, for this machine or with the token.
         */
        get: operations["health_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["document_openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The server can serve; 503 while it stops. */
        get: operations["health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget.js": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The script that a site's pages load. */
        get: operations["pages_loader"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptInvitation: {
            name: string;
            password: string;
            token: string;
        };
        /** @description Who is signed in. An operator who is a member of no tenant has none, and no role in it. */
        Account: {
            account: components["schemas"]["AccountName"];
            availability: components["schemas"]["Availability"] | null;
            /** Format: int32 */
            capacity: number | null;
            /**
             * Format: int64
             * @description The longest file, in bytes.
             */
            file_limit: number;
            operator?: boolean;
            /** @description The member's own zone, if it has chosen one. */
            own_time_zone?: string;
            role: components["schemas"]["Role"] | null;
            tenant: components["schemas"]["Tenant"] | null;
            /** @description In which times are shown: the member's own zone, or the tenant's. */
            time_zone: string;
        };
        AccountName: {
            email: string;
            id: string;
            name: string;
        };
        /** @description Id and name of an agent. */
        AuthorName: {
            /** @description The account. */
            id: string;
            /** @description What people read. */
            name: string;
        };
        /**
         * @description Whether an agent gets conversations.
         * @enum {string}
         */
        Availability: "online" | "busy" | "away";
        Begun: {
            /** @description To colleagues; empty for nothing. */
            note?: string;
            /** @description To the visitor; empty for nothing. */
            reply?: string;
        };
        BlockDraft: {
            reason?: string;
            /**
             * Format: int64
             * @description Until when; without it until somebody lifts it.
             */
            until?: number;
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
        BlockedVisitor: {
            /** @description The name of the agent who did it. */
            by: string;
            /** @description Its `blocked` says why, since when and until when. */
            conversation: components["schemas"]["Summary"];
        };
        CannedDraft: {
            folder?: string;
            shared?: boolean;
            text: string;
            title: string;
        };
        CannedReply: {
            /** @description Empty for none. */
            folder: string;
            id: string;
            /** @description Everybody of the tenant finds it. */
            shared: boolean;
            /** @description With names such as `{{visitor}}`, which the workbench fills in. */
            text: string;
            title: string;
            /** Format: int64 */
            updated_at: number;
        };
        Change: {
            /** Format: int64 */
            version?: number;
        };
        ChangePassword: {
            current: string;
            new: string;
        };
        ChangeTenant: {
            name?: string;
            suspended?: boolean;
        };
        Closing: {
            /** @description Why, from the tenant's list or in own words. */
            reason?: string;
            /** @description What it was about. */
            summary?: string;
            /** Format: int64 */
            version?: number;
        };
        /**
         * @description A refusal.
         * @enum {string}
         */
        Code: "bad_frame" | "invalid" | "too_large" | "client_id_conflict" | "type_not_allowed" | "unauthorized" | "identity_expired" | "identity_invalid" | "identity_off" | "forbidden" | "tenant_suspended" | "blocked" | "not_found" | "not_owner" | "version_conflict" | "wrong_state" | "over_capacity" | "rate_limited" | "unavailable" | "storage_full" | "quota_exceeded" | "internal";
        ConversationAnswer: {
            conversation: components["schemas"]["Summary"];
            state: components["schemas"]["State"];
        };
        ConversationPage: {
            conversations: components["schemas"]["Summary"][];
            counts: components["schemas"]["InboxCounts"];
            /** Format: int32 */
            next?: number;
        };
        /**
         * @description Where a site's launcher sits.
         * @enum {string}
         */
        Corner: "right" | "left";
        DeskSettings: {
            /**
             * Format: int64
             * @description Since when a waiting visitor is marked.
             */
            amber_ms: number;
            /**
             * @description What an agent may choose when it closes a conversation; null for those that clients bring in
             *     the language of the agent.
             */
            close_reasons: string[] | null;
            /**
             * Format: int64
             * @description Since when it is marked urgently.
             */
            red_ms: number;
        };
        Engine: {
            enabled: boolean;
            /** @description Why it cannot be made. */
            fault?: string;
            /** @description Where it is asked; of an own one only. */
            host?: string;
            /** @description Of one that is not the tenant's: its name. */
            id: string;
            /** @description `knowledge`, `openai`, `dify`, `coze`, `fastgpt` or `http_nlp`. */
            kind: string;
            /** @description What sites and rules call it. */
            name: string;
            /** @description Where it is configured: `built_in`, `file` (the installation's) or `tenant`. */
            origin: string;
            /** @description Questions leave this server. */
            outside: boolean;
            /**
             * Format: int64
             * @description Until when it is left alone.
             */
            resting_until?: number;
            /** @description The keys of the secrets that are set. */
            secrets: string[];
            /** @description The keys of its kind, without any secret; empty for one that is not the tenant's. */
            settings: Record<string, never>;
            /** @description `ready`, `resting` (it failed again and again and is left alone), `off`, or `broken` (it cannot be made). */
            state: string;
            /** @description The model or bot there. */
            target?: string;
            /** Format: int64 */
            updated_at?: number;
        };
        EngineList: {
            engines: components["schemas"]["Engine"][];
        };
        /** @description The settings of an engine. */
        EngineSettings: {
            enabled?: boolean;
            /**
             * @description Those that are named are set, or taken away where they are empty; the others stay. Where the address changes all
             *     have to be given again.
             */
            secrets?: {
                [key: string]: string;
            };
            /** @description The keys of its kind; what is left out is as if it was never set. */
            settings: Record<string, never>;
        };
        /** @description What to ask. */
        EngineTrial: {
            /** @description At most 500 characters. */
            text: string;
        };
        EngineTried: {
            /** @description `given`, `unknown` (it does not know), `wants_human`, or `failed`. */
            answer: string;
            /** @description How it failed: `timeout`, `refused`, `auth`, `busy`, `rate_limited`, `quota`, `broken_stream`, `content`, `unavailable` or `unknown`. */
            class?: string;
            /** Format: int64 */
            first_ms?: number;
            /**
             * Format: int64
             * @description Tokens that went in, as it says.
             */
            input: number;
            /** @description What went wrong, in our words. */
            message?: string;
            /**
             * Format: int64
             * @description Tokens that came out.
             */
            output: number;
            /** @description What the service says itself. */
            said?: string;
            /** @description The beginning of what it said. */
            text: string;
            /** Format: int64 */
            total_ms: number;
        };
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
        EntryPage: {
            entries: components["schemas"]["Entry"][];
            /** Format: int64 */
            head: number;
        };
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
        /**
         * @description What stands for a site where no person answers.
         * @enum {string}
         */
        Face: "macaw" | "initial" | "logo";
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
        FirstStep: {
            /** Format: int64 */
            at?: number;
            done: boolean;
            kind: string;
        };
        FirstSteps: {
            steps: components["schemas"]["FirstStep"][];
        };
        FoundTenant: {
            name: string;
            owner: string;
            time_zone?: string;
        };
        FoundedTenant: {
            /** Format: int64 */
            expires_at: number;
            link: string;
            tenant: components["schemas"]["OperatedTenant"];
        };
        /**
         * @description Who wrote an entry.
         * @enum {string}
         */
        From: "visitor" | "engine" | "agent" | "system";
        IdentityKey: {
            algorithm: string;
            public_key: string;
        };
        IdentitySecret: {
            secret: string;
        };
        ImportAnswer: {
            added: number;
            refused: components["schemas"]["RefusedLine"][];
            unchanged: number;
            updated: number;
        };
        InboxCounts: {
            /** Format: int64 */
            all: number;
            /** Format: int64 */
            bot: number;
            /** Format: int64 */
            mine: number;
            /** Format: int64 */
            queue: number;
        };
        Invitation: {
            email: string;
            role: components["schemas"]["Role"];
        };
        InvitationLink: {
            /** Format: int64 */
            expires_at: number;
            link: string;
        };
        KnowledgeAnswer: {
            /** @description What a visitor would be told; null when the search is not sure enough. */
            answer: string | null;
            /** @description The entry it is from. */
            entry: string | null;
            /** Format: float */
            gate: number;
            hits: components["schemas"]["KnowledgeHit"][];
            wants_human: boolean;
        };
        KnowledgeAsk: {
            text: string;
        };
        KnowledgeDraft: {
            alternatives?: string[];
            answer: string;
            enabled?: boolean;
            question: string;
        };
        KnowledgeEntry: {
            alternatives: string[];
            answer: string;
            enabled: boolean;
            id: string;
            question: string;
            /** Format: int64 */
            updated_at: number;
        };
        KnowledgeHit: {
            answer: string;
            entry: string;
            question: string;
            /** Format: float */
            score: number;
            why: string;
        };
        KnowledgePage: {
            entries: components["schemas"]["KnowledgeEntry"][];
            /** Format: int64 */
            total: number;
        };
        /**
         * @description What the newest message of a list is.
         * @enum {string}
         */
        LastKind: "text" | "image" | "file" | "recalled";
        Member: {
            availability: components["schemas"]["Availability"];
            /** Format: int32 */
            capacity: number;
            email: string;
            id: string;
            /** Format: int32 */
            load: number;
            name: string;
            online: boolean;
            role: components["schemas"]["Role"];
            /** @description The own zone; without one the tenant's is shown. */
            time_zone?: string;
        };
        MemberChange: {
            /** Format: int32 */
            capacity?: number;
            role?: string;
            /** @description An IANA name; empty for the tenant's. */
            time_zone?: string;
        };
        Membership: {
            current: boolean;
            id: string;
            name: string;
            role: components["schemas"]["Role"];
            suspended?: boolean;
        };
        Memberships: {
            tenants: components["schemas"]["Membership"][];
        };
        MessagePage: {
            /** Format: int64 */
            head: number;
            messages: components["schemas"]["Entry"][];
        };
        NewCanned: {
            folder?: string;
            /** @description Of one that was deleted: it comes back under it. */
            id?: string;
            shared?: boolean;
            text: string;
            title: string;
        };
        /** @description A new engine. */
        NewEngine: {
            enabled?: boolean;
            /** @description `openai`, `dify`, `coze`, `fastgpt` or `http_nlp`; it stays. */
            kind: string;
            /** @description 1 to 40 characters of a-z, 0-9, `-` and `_`; it stays. */
            name: string;
            /** @description `key`, and for Coze perhaps `oauth_key`. */
            secrets?: {
                [key: string]: string;
            };
            /** @description The keys of its kind. */
            settings: Record<string, never>;
        };
        /** @description A new entry. */
        NewKnowledge: {
            alternatives?: string[];
            answer: string;
            enabled?: boolean;
            /** @description Of an entry that was deleted: it comes back under it. */
            id?: string;
            question: string;
        };
        NewTag: {
            colour: components["schemas"]["TagColour"];
            /** @description Of one that was deleted: it is back on the conversations that had it. */
            id?: string;
            name: string;
        };
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
        OperatedTenant: {
            /** Format: int64 */
            created_at: number;
            id: string;
            /** Format: int32 */
            members: number;
            name: string;
            suspended: boolean;
            /** Format: int64 */
            suspended_at?: number;
            time_zone: string;
        };
        OperatedTenants: {
            tenants: components["schemas"]["OperatedTenant"][];
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
        PastRules: {
            text: string;
            /** Format: int64 */
            version: number;
        };
        /** @description The JSON of a refusal. */
        Problem: {
            /** @description The stable word, for programs. */
            code: components["schemas"]["Code"];
            /** @description What is wrong and what to do, for people. */
            detail: string;
            /**
             * Format: int64
             * @description The limit that was passed, in bytes.
             */
            limit?: number;
            /**
             * Format: int64
             * @description When trying again makes sense.
             */
            retry_after_ms?: number;
            /**
             * Format: int32
             * @description The HTTP status again.
             */
            status: number;
            /** @description What the status means. */
            title: string;
            /** @description Always `about:blank`: the code says what it is. */
            type: string;
        };
        RateAnswer: {
            /** Format: int64 */
            at: number;
            duplicate?: boolean;
            /** Format: int64 */
            seq: number;
        };
        RateRequest: {
            /**
             * Format: int64
             * @description Which closing: the `epoch` of the owner in the state of the closed conversation.
             */
            closing: number;
            /** @description In the visitor's words, at most 1000 characters. */
            comment?: string;
            /**
             * Format: int32
             * @description 1 to 5, the best.
             */
            score: number;
        };
        Rating: {
            /** @description The agent who had it last. */
            agent?: string;
            /** Format: int64 */
            at: number;
            comment?: string;
            conversation: string;
            /** @description The engine that had it last. */
            engine?: string;
            /**
             * Format: int32
             * @description 1 to 5, the best.
             */
            score: number;
            site: string;
            visitor: string;
        };
        RatingPage: {
            /**
             * Format: double
             * @description Of these ratings; not there when there are none.
             */
            average?: number;
            /** @description Newest first. */
            ratings: components["schemas"]["Rating"][];
        };
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
        RefusedLine: {
            /** Format: int64 */
            line: number;
            message: string;
        };
        ResetLink: {
            /** Format: int64 */
            expires_at: number;
            link: string;
        };
        /**
         * @description What a member may do.
         * @enum {string}
         */
        Role: "agent" | "manager" | "owner";
        /** @description A question to be routed. */
        RouteQuestion: {
            /** @description As if it were asked by somebody whom the site has vouched for. */
            identified?: boolean;
            question: string;
            /** @description As if it were asked at this site. */
            site?: string;
            /** @description Other rules than those that count. */
            text?: string;
        };
        RouteStep: {
            engine: string;
            /** @description Why it would be passed over. */
            missing?: string;
            params: Record<string, never>;
        };
        Routed: {
            /** @description Who is asked, one after the other, and then a person; empty for a person at once. */
            chain: components["schemas"]["RouteStep"][];
            /** @description Whose rule it is: `tenant`, `file` (the installation's), or `site`: no rule matches, its own engine answers. */
            from: string;
            /** @description Which rule, from 0; null for a default, or where no rule matches. */
            index: number | null;
            name?: string;
            why: string;
        };
        /** @description Something to be said about a place in a text; both count from 1, the column in characters. */
        RuleNote: {
            column: number;
            line: number;
            message: string;
        };
        Rules: {
            /** @description What is wrong with it, if another version of Macaw wrote it: then it does not count. */
            error?: components["schemas"]["RuleNote"];
            /** @description Newest first, the one that counts among them; the newest 50. */
            history: components["schemas"]["RulesVersion"][];
            /** @description Rules of the installation, which are asked where none of these matches. */
            installed: number;
            rules: number;
            text: string;
            /**
             * Format: int64
             * @description To be given back when it is changed; 0 while there never were any.
             */
            version: number;
            warnings: components["schemas"]["RuleNote"][];
        };
        /** @description Other rules. */
        RulesChange: {
            /**
             * Format: int64
             * @description The older version whose text it is.
             */
            restores?: number;
            /** @description At most 64 KiB and 500 rules; empty for none. */
            text: string;
            /**
             * Format: int64
             * @description The version that was looked at.
             */
            version: number;
        };
        RulesChecked: {
            error?: components["schemas"]["RuleNote"];
            rules: number;
            warnings: components["schemas"]["RuleNote"][];
        };
        /** @description A text to be looked at. */
        RulesText: {
            text: string;
        };
        RulesVersion: {
            /** Format: int64 */
            at: number;
            /** @description The name of who put it in place; empty when the account is gone. */
            by: string;
            /**
             * Format: int64
             * @description The older version whose text it is.
             */
            restores?: number;
            /** Format: int64 */
            version: number;
        };
        Send: {
            client_id: string;
            file?: string;
            /**
             * Format: int64
             * @description The seq of the message that the text is about.
             */
            quotes?: number;
            text?: string;
        };
        Sent: {
            /** Format: int64 */
            at: number;
            duplicate?: boolean;
            id: string;
            /** Format: int64 */
            seq: number;
        };
        SetAvailability: {
            availability: components["schemas"]["Availability"];
        };
        SignIn: {
            email: string;
            password: string;
        };
        SignInSession: {
            agent: string;
            /** Format: int64 */
            created_at: number;
            current: boolean;
            id: string;
            /** Format: int64 */
            seen_at: number;
        };
        SignUp: {
            email: string;
            name: string;
            password: string;
            tenant: string;
            time_zone?: string;
        };
        Site: {
            /** @description As `#rrggbb`. */
            colour: string;
            /** @description The pages that may use it; none means any. */
            domains: string[];
            /** @description Who answers first; null for the agents. */
            engine: string | null;
            greeting: string;
            id: string;
            look: components["schemas"]["SiteLook"];
            name: string;
            /**
             * Format: int64
             * @description When one of the site's own pages last showed the widget, to the minute.
             */
            seen_at?: number;
            /** @description What to paste into the page. */
            snippet: string;
            suggestions: string[];
            /** @description Agents see what visitors type before they send it. */
            typing_preview: boolean;
        };
        SiteCard: {
            /** @description Names of agents who are there, at most three. */
            agents: string[];
            /**
             * Format: int64
             * @description Within which time half of the visitors were answered lately, in milliseconds; not there while too little is known.
             */
            answers_in_ms?: number;
            colour: string;
            /** @description Where the launcher sits. */
            corner: components["schemas"]["Corner"];
            engine: boolean;
            /** @description What stands for the site where no person answers. */
            face: components["schemas"]["Face"];
            /**
             * Format: int64
             * @description The longest file, in bytes.
             */
            file_limit: number;
            greeting: string;
            id: string;
            /** @description Where its logo is. */
            logo?: string;
            name: string;
            online: boolean;
            /** @description The widget says what it is made with. */
            powered: boolean;
            suggestions: string[];
            /** @description What the home is headed. */
            title: string;
            typing_preview: boolean;
        };
        SiteIdentity: {
            algorithm: string | null;
            /** Format: int64 */
            changed_at?: number;
        };
        /** @description The look as it is. */
        SiteLook: {
            corner: components["schemas"]["Corner"];
            face: components["schemas"]["Face"];
            languages: components["schemas"]["SiteWords"][];
            /** @description Where the uploaded logo is. */
            logo?: string;
            powered: boolean;
            title: string;
        };
        /** @description How the widget looks at a site. */
        SiteLookSettings: {
            /** @description Where the launcher sits. */
            corner: components["schemas"]["Corner"];
            /** @description What stands for the site where no person answers. */
            face: components["schemas"]["Face"];
            languages?: components["schemas"]["SiteWords"][];
            /** @description The widget says what it is made with. */
            powered: boolean;
            /** @description What the home is headed; empty for the site's name. */
            title?: string;
        };
        SiteSettings: {
            colour: string;
            domains?: string[];
            /** @description Who answers first; `null` gives every visitor to the agents. Left out, it stays as it is. */
            engine?: string;
            greeting?: string;
            /** @description How the widget looks. Left out, it stays as it is. */
            look?: components["schemas"]["SiteLookSettings"];
            name: string;
            suggestions?: string[];
            typing_preview?: boolean;
        };
        /** @description What a site says to those who read another language. */
        SiteWords: {
            /** @description Empty: the site's own. */
            greeting?: string;
            /** @description Two or three small letters, such as `en`. */
            lang: string;
            /** @description None: the site's own. */
            suggestions?: string[];
            /** @description Empty: the site's own. */
            title?: string;
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
        SwitchTenant: {
            tenant: string;
        };
        Tag: {
            colour: components["schemas"]["TagColour"];
            id: string;
            name: string;
        };
        /**
         * @description The colour of a tag.
         * @enum {string}
         */
        TagColour: "grey" | "blue" | "green" | "gold" | "scarlet";
        TagDraft: {
            colour: components["schemas"]["TagColour"];
            name: string;
        };
        /** @description A tenant as its members see it. */
        Tenant: {
            id: string;
            name: string;
            time_zone: string;
        };
        TenantSettings: {
            name?: string;
            time_zone?: string;
        };
        Transfer: {
            agent?: string;
            queue?: boolean;
            /** Format: int64 */
            version?: number;
        };
        UseReset: {
            password: string;
            token: string;
        };
        VisitorSession: {
            conversation: string;
            /** Format: int64 */
            expires_at: number;
            token: string;
            visitor: string;
        };
        VisitorSessionRequest: {
            /** @description A token by which the site says who its signed-in customer is. */
            identity?: string;
            site: string;
            token?: string;
        };
        WaysIn: {
            sign_up: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    account_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description Changed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resets_apply: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UseReset"];
            };
        };
        responses: {
            /** @description Set */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    account_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Who is signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    account_sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_up_sign_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignUp"];
            };
        };
        responses: {
            /** @description Who is signed in */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_up_ways: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ways */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaysIn"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    blocks_list: {
        parameters: {
            query?: {
                /** @description At most 200; 50 when left out. */
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A part of the blocks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlockedVisitor"][];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    canned_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The replies */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CannedReply"][];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    canned_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCanned"];
            };
        };
        responses: {
            /** @description The reply */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CannedReply"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    canned_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CannedDraft"];
            };
        };
        responses: {
            /** @description The reply */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CannedReply"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    canned_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_list: {
        parameters: {
            query?: {
                /** @description Which list; `mine` when left out. */
                view?: "mine" | "queue" | "bot" | "all" | "closed";
                /** @description At most this many, 1 to 500. */
                limit?: number;
                /** @description `next` of the page before. */
                before?: number;
                /** @description Of this site alone. */
                site?: string;
                /** @description With this tag alone. */
                tag?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversations and how many each list has */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationPage"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_find: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    desk_begun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was begun */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Begun"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    desk_keep: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Begun"];
            };
        };
        responses: {
            /** @description It is kept */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    blocks_block: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BlockDraft"];
            };
        };
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    blocks_unblock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_close: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Closing"] | null;
            };
        };
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_page: {
        parameters: {
            query?: {
                /** @description Which log; `public` when left out. */
                log?: "public" | "internal";
                /** @description Entries above this seq. */
                after?: number;
                /** @description The newest entries below this seq; wins over `after`. */
                before?: number;
                /** @description At most this many, 1 to 200. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryPage"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recalls_by_agent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                seq: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken back */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_agent_upload: {
        parameters: {
            query?: {
                /** @description What the file is called where it comes from. */
                name?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The file, which waits to be sent */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tags_put_on: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                tag: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tags_take_off: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                tag: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_transfer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Transfer"];
            };
        };
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                change: "accept" | "take-over" | "give-back" | "reopen";
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Change"] | null;
            };
        };
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    desk_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeskSettings"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    desk_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeskSettings"];
            };
        };
        responses: {
            /** @description The settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeskSettings"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    engines_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The built-in ones, the installation's, the tenant's */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EngineList"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    engines_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEngine"];
            };
        };
        responses: {
            /** @description The engine */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Engine"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    engines_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EngineSettings"];
            };
        };
        responses: {
            /** @description The engine */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Engine"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    engines_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    engines_try_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EngineTrial"];
            };
        };
        responses: {
            /** @description How it went */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EngineTried"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_agent_download: {
        parameters: {
            query?: {
                /** @description 1 for the thumbnail of a picture. */
                thumb?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its bytes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The part that Range asks for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description What the reader has is still right */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Range lies behind the end */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    first_steps_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The steps */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirstSteps"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_invite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Invitation"];
            };
        };
        responses: {
            /** @description The link to hand over */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationLink"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_accept: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptInvitation"];
            };
        };
        responses: {
            /** @description The account can sign in */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    knowledge_list: {
        parameters: {
            query?: {
                /** @description Looked for in question, alternatives and answer. */
                q?: string;
                /** @description At most 200; 50 when left out. */
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A part of the entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnowledgePage"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    knowledge_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKnowledge"];
            };
        };
        responses: {
            /** @description The entry */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnowledgeEntry"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    knowledge_ask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KnowledgeAsk"];
            };
        };
        responses: {
            /** @description The answer and the best entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnowledgeAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    knowledge_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A table */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    knowledge_import: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description What was done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    knowledge_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KnowledgeDraft"];
            };
        };
        responses: {
            /** @description The entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnowledgeEntry"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    knowledge_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    account_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    account_availability: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetAvailability"];
            };
        };
        responses: {
            /** @description Who is signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_switch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwitchTenant"];
            };
        };
        responses: {
            /** @description Who is signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_tenants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The memberships */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Memberships"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The members */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"][];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberChange"];
            };
        };
        responses: {
            /** @description The member */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resets_make: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetLink"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    operator_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenants */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatedTenants"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    operator_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FoundTenant"];
            };
        };
        responses: {
            /** @description The tenant and the link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundedTenant"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    operator_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeTenant"];
            };
        };
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatedTenant"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ratings_list: {
        parameters: {
            query?: {
                /** @description Ratings from this time on, in milliseconds since 1970; all when left out. */
                since?: number;
                /** @description At most this many, 1 to 1000. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ratings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RatingPage"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    routing_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rules"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    routing_save: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RulesChange"];
            };
        };
        responses: {
            /** @description The rules */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rules"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    routing_check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RulesText"];
            };
        };
        responses: {
            /** @description What is wrong with it, or what is to be said */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesChecked"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    routing_past: {
        parameters: {
            query: {
                version: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PastRules"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    routing_try_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteQuestion"];
            };
        };
        responses: {
            /** @description The rule and who is asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Routed"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    account_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInSession"][];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    account_end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sites_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sites */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"][];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sites_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SiteSettings"];
            };
        };
        responses: {
            /** @description The site */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sites_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SiteSettings"];
            };
        };
        responses: {
            /** @description The site */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    identity_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteIdentity"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    identity_set_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityKey"];
            };
        };
        responses: {
            /** @description Set */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    identity_make_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitySecret"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    identity_switch_off: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Off */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logos_set: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The site */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logos_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The site */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    socket_upgrade: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The socket is open */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tags_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tags */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"][];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tags_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTag"];
            };
        };
        responses: {
            /** @description The tag */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tags_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TagDraft"];
            };
        };
        responses: {
            /** @description The tag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tags_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tenant_find: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tenant_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TenantSettings"];
            };
        };
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_visitor_upload: {
        parameters: {
            query?: {
                /** @description What the file is called where it comes from. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The file, which waits to be sent */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_visitor_download: {
        parameters: {
            query?: {
                /** @description 1 for the thumbnail of a picture. */
                thumb?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its bytes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The part that Range asks for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description What the reader has is still right */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Range lies behind the end */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_hand_over: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["State"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_list: {
        parameters: {
            query?: {
                /** @description Messages above this seq. */
                after?: number;
                /** @description At most this many, 1 to 200. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_send: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Send"];
            };
        };
        responses: {
            /** @description It is durable */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recalls_by_visitor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                seq: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken back */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ratings_rate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RateRequest"];
            };
        };
        responses: {
            /** @description It is durable */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VisitorSessionRequest"];
            };
        };
        responses: {
            /** @description The token and whose it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisitorSession"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_site: {
        parameters: {
            query?: {
                /** @description The visitor's language, such as `en` or `zh-CN`. */
                lang?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The card of the site */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteCard"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_logo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pages_chat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pages_demo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The demo shop */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reference_html: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reference_css: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The style */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/css": string;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health_alive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Figures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    document_openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pages_loader: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The script */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
