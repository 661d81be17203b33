/** What goes between host, background and panel: PROTOCOL.md and host/sekisho/report.py, as the extension reads them. */
declare namespace Sekisho {
  type Say = (key: string, ...values: string[]) => string;
  /** Who may learn that the reader looks. */
  type Privacy = "offline" | "resolver" | "registry" | "sender";
  type Level = "clear" | "caution" | "danger";

  interface Span {
    text: string;
    role: string;
    finding: string | null;
    note: string | null;
  }
  interface Segment {
    text: string;
    role: string;
    note?: string | null;
  }
  interface Stop {
    standing: string;
    time: string | null;
    gap: string | null;
    anchor?: string | null;
    body: Primitive[];
  }
  /** Every field of every kind: a painter must bear any of them missing. */
  interface Primitive {
    kind: string;
    anchor?: string | null;
    tone?: string | null;
    text?: string;
    level?: string | null;
    items?: Primitive[][];
    ordered?: boolean;
    stops?: Stop[];
    window?: { west: number; south: number; east: number; north: number };
    points?: Point[];
    joins?: { from: number; to: number; standing: string }[];
    bars?: { label: string; value: number }[];
    columns?: string[];
    rows?: string[][];
    spans?: Span[];
    summary?: string;
    open?: boolean;
    body?: Primitive[];
    url?: string;
    segments?: Segment[];
    owner?: string | null;
    note?: string | null;
    action?: string;
    arguments?: Record<string, unknown>;
  }
  /** A place on a map; one that says how many more there are has no lat and lon. */
  interface Point {
    standing: string;
    lat?: number | null;
    lon?: number | null;
    radius_km?: number | null;
    area?: string | null;
    disc?: number[];
    where?: string[];
    body?: Primitive[];
  }
  interface Block {
    block: string;
    title: string | null;
    level: string | null;
    body: Primitive[];
  }
  interface Finding {
    id: string;
    severity: string;
    title: string;
    why: string;
    advice: string;
    where: string[];
    values: Record<string, unknown>;
  }
  interface ReportLink {
    url: string;
    defanged: string;
    host: string;
    display_host: string;
    registrable_domain: string | null;
    unwrapped: string[];
    kind?: string;
  }
  /** The fields that the extension reads. */
  interface Report {
    schema: string;
    /** `sha256`: null of a message that has not come in whole. */
    message: { sha256: string | null; size: number; complete: boolean; subject: string | null; date: string | null; message_id: string | null };
    verdict: { level: Level; score: number; headline: string; reasons: string[] };
    findings: Finding[];
    links: ReportLink[];
    origin: { hop: number } | null;
    hops: { rdns: string | null; ip: string | null; network: { name: string | null; country: string | null } | null }[];
    /** null: nobody was to look at it. */
    panel: Block[] | null;
    identity?: { brand: string | null };
    campaign?: { count: number } | null;
    lookups?: { asked: number; waiting: number; log: { outcome: string }[] };
    /** How many parts the panel lacks; only in a report that was cut to fit a frame. */
    left_out?: number;
    final: boolean;
  }
  /** One that can be shown. */
  interface PanelReport extends Report {
    panel: Block[];
  }

  interface TroubleData {
    advice?: string;
    command?: string;
    field?: string;
  }
  interface Trouble {
    kind: import("../../../extension/trouble.js").TroubleKind;
    detail: string;
    advice: string | null;
    command: string | null;
  }
  interface Snapshot {
    message: number;
    phase: "reading" | "analysing" | "done" | "failed" | "cancelled";
    done: number;
    total: number;
    report: Report | null;
    trouble: Trouble | null;
  }
  interface PanelSnapshot extends Snapshot {
    report: PanelReport | null;
  }

  interface RpcError {
    code: number;
    message?: string;
    data?: TroubleData;
  }
  interface Notification {
    method: string;
    params: any;
  }

  /** `[name, attributes, ...children]`, or a text. */
  type Node = string | [string, Record<string, string | number | boolean | null | undefined>, ...(Node | null)[]];

  interface Event<F extends (...args: any[]) => any> {
    addListener(listener: F): void;
    hasListener(listener: F): boolean;
  }
  interface Port<In, Out> {
    name: string;
    error?: { message: string } | null;
    postMessage(message: In): void;
    disconnect(): void;
    onMessage: Event<(message: Out) => void>;
    onDisconnect: Event<(port: Port<In, Out>) => void>;
  }
  type NativePort = Port<object, any>;

  interface About {
    message?: number | undefined;
    tab?: number | undefined;
    again?: boolean;
  }
  type Question =
    | ({ ask: "show" | "cancel" } & About)
    | ({ ask: "more"; privacy?: Privacy; visit?: string[] } & About)
    | ({ ask: "relay"; relay: string; on: boolean } & About)
    | ({ ask: "trust"; sender: string; on: boolean } & About);
  /** A sentence, and the command that mends what it says. */
  interface Remedy {
    text: string;
    command: string;
  }
  type Answer = { none: true } | { several: number[]; of: number } | { snapshot: PanelSnapshot; subject: string | null; problems: (string | Remedy)[] };
  type BackgroundPort = Port<Question, Answer>;
  type PanelPort = Port<Answer, Question>;

  /** Above which messages a banner is drawn. */
  type When = "always" | "suspicious" | "never";
  /** What banner.js may say in one message. */
  interface Notice {
    message: number;
    level: "danger" | "caution" | null;
    /** null: no banner */
    headline: string | null;
    reasons: string[];
    links: NoticeLink[];
  }
  interface NoticeLink {
    url: string;
    /** Whom it belongs to. */
    domain: string;
    /** The whole host where it is more than that, else "". */
    around: string;
    /** The host that it leads on to. */
    leads: string | null;
    /** What was found about it. */
    notes: string[];
  }
  /** What banner.js asks of the background. */
  type Plea = { ask: "notice" } | { ask: "analyse" };
  interface MessageScripts {
    getRegisteredScripts(): Promise<{ id: string }[]>;
    registerScripts(scripts: { id: string; js: string[] }[]): Promise<void>;
    unregisterScripts(filter: { ids: string[] }): Promise<void>;
  }

  /** What the window that asks before sending says, and hears. */
  type Warning = { headline: string; reasons: string[] };
  type Decision = { send: boolean };
  type GuardPort = Port<Warning, Decision>;
  type GuardWindowPort = Port<Decision, Warning>;
  interface ComposeDetails {
    type?: string;
    relatedMessageId?: number;
  }
  /** A line of the table of several messages; nothing is known of it yet while it has neither summary nor trouble. */
  interface Row {
    message: number;
    subject: string;
    /** In milliseconds since 1970. */
    date: number | null;
    summary: import("../../../extension/summary.js").Summary | null;
    trouble: Trouble | null;
  }
  /** Messages of one kind, the oldest first; of one that had no warning signs the Message-ID is not known. */
  interface Wave {
    messages: { message_id: string | null; at: string }[];
    left_out: number;
  }
  type RoundQuestion = { ask: "round"; messages: number[] } | { ask: "cancel" };
  type RoundAnswer = { row: Row } | { of: number; summary: Row["summary"]; trouble: Trouble | null } | { over: true };
  type BackgroundRoundPort = Port<RoundQuestion, RoundAnswer>;
  type RoundPort = Port<RoundAnswer, RoundQuestion>;

  /** What the options page wants of the background, and what it gets. */
  type Errand =
    | { ask: "options" }
    | { ask: "choose"; name: string; value: unknown }
    | { ask: "name"; list: ListName; name: string; on: boolean }
    | { ask: "state" | "doctor" | "update" }
    | { ask: "forget"; account: string | null }
    | { ask: "campaign"; message: number }
    | { ask: "keep"; report: PanelReport; format: string; publication: boolean; message?: number | undefined }
    | { ask: "whole"; message: number }
    | DraftErrand;
  /** Lists that the reader fills one by one. */
  type ListName = "relays" | "trusted_senders";
  /** What the host says of this computer; nothing but `trouble` where it could not be asked. */
  interface Cared {
    trouble: Trouble | null;
    data?: Primitive[];
    register?: Primitive[];
    doctor?: Primitive[];
    /** Lines of what an update said. */
    said?: string[];
    forgotten?: number;
    accounts?: { key: string; address: string }[];
  }
  /** A report with what its frame had no room for, or why there is none. */
  type Whole = { report: PanelReport; trouble: null } | { report: null; trouble: Trouble };
  /** A letter to be opened as a draft, and what came of it. */
  interface DraftErrand {
    ask: "draft";
    message: number;
    recipient: string;
    language: string;
    mask: boolean;
    /** About all messages of one kind with it. */
    campaign?: true | undefined;
  }
  type DraftReceipt = { opened: true; kind: string } | { opened: false; refused?: true; trouble?: Trouble };
  interface Blocklist {
    zone: string;
    subject: string | null;
    terms: string | null;
  }
  interface Counter {
    chosen: Record<string, unknown>;
    refused: string[];
    unreadable: string[];
    /** The settings that the host uses, null when it could not be asked. */
    offers: string[] | null;
    blocklists: Blocklist[];
    /** What an administrator has set. */
    managed: Record<string, unknown>;
    /** The reader's own addresses, as the identities have them, and the domains that are the reader's own with them. */
    addresses: string[];
    own: string[];
    lists: Record<ListName, string[]>;
    trouble: Trouble | null;
  }
  interface Receipt {
    kept: boolean;
    wrong: boolean;
    unreadable: string[];
  }

  interface MessageHeader {
    author?: string;
    id: number;
    size: number;
    subject: string;
    date?: Date;
    headerMessageId?: string;
    junk?: boolean;
    tags?: string[];
    folder?: MailFolder;
  }
  interface MailFolder {
    id?: string;
    accountId?: string;
    name: string;
    specialUse?: string[];
  }
  interface Account {
    id: string;
    type?: string;
    identities: { email: string; name?: string }[];
  }
  interface StorageArea {
    get(key: string | null): Promise<Record<string, unknown>>;
    set(values: Record<string, unknown>): Promise<void>;
    clear(): Promise<void>;
  }
  interface MessageList {
    id: string | null;
    messages: MessageHeader[];
  }
  interface Tab {
    id?: number;
    windowId?: number;
    active?: boolean;
    type?: string;
  }
  type MenuContext =
    | "message_list" | "page" | "selection" | "link" | "image" | "frame" | "message_display_action" | "action" | "folder_pane";
  interface MenuClick {
    menuItemId: string | number;
    selectedMessages?: MessageList;
    selectedFolders?: MailFolder[];
  }
  interface BadgeApi {
    setBadgeText(details: { tabId: number; text: string }): Promise<void>;
    setBadgeBackgroundColor(details: { tabId: number; color: string }): Promise<void>;
    setTitle(details: { tabId: number; title: string }): Promise<void>;
  }
}
