// SCIMMY on express with a store in memory: what a careful user of the library would wire.
//
// The library leaves storage to three handlers for each resource type. They are given the id, the
// parsed filter and the page asked for, so look-ups by id and by name, and pages without a filter,
// need not go through everything. Ours are the maps, the unique user names, the time of the last
// real change, both ways of a membership, the token and the address. All else is the library's own
// work: the schemas, PATCH, filters, sorting, projection, bulk, every status and message.
import {randomUUID} from "node:crypto";
import process from "node:process";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

class Store {
    constructor(nameAttribute, unique) {
        this.nameAttribute = nameAttribute;
        this.unique = unique;
        this.byId = new Map();
        this.idsByName = new Map();
    }

    nameOf(resource) {
        return String(resource[this.nameAttribute]).toLowerCase();
    }

    // Create or replace. A password is kept by nobody: a filter would look at what is kept.
    write(resource, data) {
        const old = resource.id ? this.found(resource.id) : undefined;
        const id = old?.id ?? randomUUID();
        const {meta, password, id: _, ...kept} = JSON.parse(JSON.stringify(data));
        const holders = this.idsByName.get(this.nameOf(kept));
        if (this.unique && holders !== undefined && !holders.has(id))
            throw new SCIMMY.Types.Error(409, "uniqueness", `${this.nameAttribute} is in use`);
        const before = JSON.stringify({...old, id: undefined, meta: undefined});
        if (old && before === JSON.stringify(kept)) return this.shown(old);
        const now = new Date().toISOString();
        const stored = {...kept, id, meta: {created: old?.meta.created ?? now, lastModified: now}};
        this.keep(stored, old);
        return this.shown(stored);
    }

    keep(stored, old) {
        if (old) this.forgetName(old);
        const name = this.nameOf(stored);
        if (!this.idsByName.has(name)) this.idsByName.set(name, new Set());
        this.idsByName.get(name).add(stored.id);
        this.byId.set(stored.id, stored);
    }

    read(resource) {
        if (resource.id) return this.shown(this.found(resource.id));
        const {filter, constraints} = resource;
        if (!filter) return this.page(constraints);
        return filter.match(this.candidates(filter).map((each) => this.shown(each)));
    }

    remove(resource) {
        const old = this.found(resource.id);
        this.byId.delete(old.id);
        this.forgetName(old);
        return old;
    }

    forgetName(old) {
        const ids = this.idsByName.get(this.nameOf(old));
        ids.delete(old.id);
        if (ids.size === 0) this.idsByName.delete(this.nameOf(old));
    }

    found(id) {
        const stored = this.byId.get(id);
        if (!stored) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
        return stored;
    }

    shown(stored) {
        return stored;
    }

    // The library gives a filter as alternatives of conditions by attribute: with one alternative
    // that asks for one name, only its holders have to be looked at.
    candidates(filter) {
        const [operator, value] = filter.length === 1 ? filter[0][this.nameAttribute] ?? [] : [];
        if (operator !== "eq") return [...this.byId.values()];
        const ids = this.idsByName.get(String(value).toLowerCase()) ?? [];
        return [...ids].map((id) => this.byId.get(id));
    }

    // The library cuts the page out of what it is given, unless that is shorter than the offset;
    // a sparse array tells it the number of all.
    page(constraints) {
        const {startIndex = 1, count = 20, sortBy} = constraints ?? {};
        const all = [...this.byId.values()];
        if (sortBy !== undefined) return all.map((each) => this.shown(each));
        const from = startIndex > count ? startIndex - 1 : 0;
        const page = all.slice(from, startIndex - 1 + count).map((each) => this.shown(each));
        page.length = all.length;
        return page;
    }
}

// The groups of a user are not written but follow from the members of the groups.
class Users extends Store {
    constructor() {
        super("userName", true);
        this.groups = new Groups(this);
        this.groupsOf = new Map();
    }

    shown(stored) {
        const ids = [...(this.groupsOf.get(stored.id) ?? [])];
        if (ids.length === 0) return stored;
        const named = (id) => this.groups.byId.get(id).displayName;
        const groups = ids.map((id) => ({value: id, display: named(id)}));
        return {...stored, groups};
    }

    remove(resource) {
        const old = super.remove(resource);
        this.leave(old.id);
        return old;
    }

    // What is no more is a member of nothing.
    leave(member) {
        for (const id of this.groupsOf.get(member) ?? []) this.groups.dismiss(id, member);
        this.groupsOf.delete(member);
    }
}

class Groups extends Store {
    constructor(users) {
        super("displayName", false);
        this.users = users;
    }

    keep(stored, old) {
        super.keep(stored, old);
        const before = new Set(memberIds(old));
        const now = new Set(memberIds(stored));
        for (const id of before) if (!now.has(id)) this.users.groupsOf.get(id)?.delete(stored.id);
        for (const id of now) if (!before.has(id)) this.join(id, stored.id);
    }

    join(member, id) {
        const {groupsOf} = this.users;
        if (!groupsOf.has(member)) groupsOf.set(member, new Set());
        groupsOf.get(member).add(id);
    }

    dismiss(id, member) {
        const old = this.byId.get(id);
        const members = old.members.filter(({value}) => value !== member);
        const meta = {...old.meta, lastModified: new Date().toISOString()};
        this.byId.set(id, {...old, members, meta});
    }

    remove(resource) {
        const old = super.remove(resource);
        for (const id of memberIds(old)) this.users.groupsOf.get(id)?.delete(old.id);
        this.users.leave(old.id);
        return old;
    }
}

function memberIds(group) {
    return (group?.members ?? []).map(({value}) => value);
}

function declare(Resource, store) {
    Resource.ingress((resource, data) => store.write(resource, data))
        .egress((resource) => store.read(resource))
        .degress((resource) => void store.remove(resource));
    SCIMMY.Resources.declare(Resource);
}

const users = new Users();
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
declare(SCIMMY.Resources.User, users);
declare(SCIMMY.Resources.Group, users.groups);

// The handler may name the user behind the token, for /Me: there is none.
const handler = (request) => {
    const [scheme, token] = (request.header("Authorization") ?? "").split(/ +/);
    if (scheme.toLowerCase() !== "bearer" || token !== process.env.SCIM_TOKEN)
        throw new Error("The token is wrong.");
};
const baseUri = (request) => `${request.protocol}://${request.get("host")}`;
process.env.NODE_ENV ??= "production";
const app = express();
app.disable("x-powered-by");
app.use("/scim/v2", new SCIMMYRouters({type: "bearer", handler, baseUri}));
const listening = app.listen(Number(process.argv[2]), "127.0.0.1");
// Node closes idle connections after 5 seconds, which on a busy machine meets the next request.
listening.keepAliveTimeout = 120_000;
