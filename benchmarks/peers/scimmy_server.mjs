// SCIMMY on express with a store in memory: what a careful user of the library would wire.
//
// The library leaves storage to three handlers for each resource type. They are given the id, the
// parsed filter and the page asked for, so look-ups by id and by unique name, and pages without a
// filter, need not go through everything. All else is the library's own work.
import {randomUUID} from "node:crypto";
import process from "node:process";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

class Store {
    constructor(uniqueName) {
        this.uniqueName = uniqueName;
        this.byId = new Map();
        this.idByName = new Map();
    }

    nameOf(resource) {
        return String(resource[this.uniqueName]).toLowerCase();
    }

    // Create or replace.
    write(resource, data) {
        const old = resource.id ? this.found(resource.id) : undefined;
        const id = old?.id ?? randomUUID();
        const holder = this.idByName.get(this.nameOf(data));
        if (holder !== undefined && holder !== id)
            throw new SCIMMY.Types.Error(409, "uniqueness", `${this.uniqueName} is in use`);
        const now = new Date().toISOString();
        const stored = {
            ...JSON.parse(JSON.stringify(data)),
            id,
            meta: {created: old?.meta.created ?? now, lastModified: now},
        };
        if (old) this.idByName.delete(this.nameOf(old));
        this.byId.set(id, stored);
        this.idByName.set(this.nameOf(stored), id);
        return stored;
    }

    read(resource) {
        if (resource.id) return this.found(resource.id);
        if (resource.filter) return resource.filter.match(this.candidates(resource.filter));
        return this.page(resource.constraints);
    }

    remove(resource) {
        const old = this.found(resource.id);
        this.byId.delete(old.id);
        this.idByName.delete(this.nameOf(old));
    }

    found(id) {
        const stored = this.byId.get(id);
        if (!stored) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
        return stored;
    }

    // The library gives a filter as alternatives of conditions by attribute: with one alternative
    // that asks for one unique name, one resource at most has to be looked at.
    candidates(filter) {
        const [operator, value] = filter.length === 1 ? filter[0][this.uniqueName] ?? [] : [];
        if (operator !== "eq") return [...this.byId.values()];
        const stored = this.byId.get(this.idByName.get(String(value).toLowerCase()));
        return stored ? [stored] : [];
    }

    // The library cuts the page out of what it is given, unless that is shorter than the offset;
    // a sparse array tells it the number of all.
    page(constraints) {
        const {startIndex = 1, count = 20, sortBy} = constraints ?? {};
        const all = [...this.byId.values()];
        if (sortBy !== undefined) return all;
        const from = startIndex > count ? startIndex - 1 : 0;
        const page = all.slice(from, startIndex - 1 + count);
        page.length = all.length;
        return page;
    }
}

function declare(Resource, uniqueName) {
    const store = new Store(uniqueName);
    Resource.ingress((resource, data) => store.write(resource, data))
        .egress((resource) => store.read(resource))
        .degress((resource) => store.remove(resource));
    SCIMMY.Resources.declare(Resource);
}

SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
declare(SCIMMY.Resources.User, "userName");
declare(SCIMMY.Resources.Group, "displayName");

const secret = `Bearer ${process.env.SCIM_TOKEN}`;
const handler = (request) => {
    if (request.header("Authorization") !== secret) throw new Error("The token is wrong.");
    return "benchmark";
};
const app = express();
app.disable("x-powered-by");
app.use("/scim/v2", new SCIMMYRouters({type: "bearer", handler}));
app.listen(Number(process.argv[2]), "127.0.0.1");
