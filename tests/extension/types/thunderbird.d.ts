/** The part of Thunderbird's WebExtension API (Manifest V3, 128 and later) that the extension uses: no more, no less. */
declare const browser: {
  accounts: {
    list(): Promise<Sekisho.Account[]>;
    onCreated: Sekisho.Event<() => void>;
    onDeleted: Sekisho.Event<() => void>;
    onUpdated: Sekisho.Event<() => void>;
  };
  action: Sekisho.BadgeApi;
  /** There when the permission is: it is optional. */
  addressBooks?: {
    contacts: { query(what: { searchString: string; includeRemote?: boolean }): Promise<{ vCard: string }[]> };
  };
  /** There when the permission is: it is optional. */
  compose?: {
    onBeforeSend?: Sekisho.Event<(tab: Sekisho.Tab, details: Sekisho.ComposeDetails) => Promise<{ cancel: boolean }>>;
    onAfterSend?: Sekisho.Event<(tab: Sekisho.Tab, sent: { error?: string }) => Promise<void>>;
    beginNew(details: {
      to: string[];
      subject: string;
      plainTextBody: string;
      isPlainText: true;
      identityId?: string;
      attachments?: { file: File; name: string }[];
    }): Promise<Sekisho.Tab>;
  };
  commands: { onCommand: Sekisho.Event<(command: string, tab?: Sekisho.Tab) => void> };
  identities: {
    getDefault(accountId: string): Promise<{ id: string } | null>;
    onCreated: Sekisho.Event<() => void>;
    onDeleted: Sekisho.Event<() => void>;
    onUpdated: Sekisho.Event<() => void>;
  };
  folders: {
    query(which: { accountId: string; specialUse: ("junk" | "trash")[] }): Promise<(Sekisho.MailFolder & { id: string })[]>;
    getFolderInfo(id: string): Promise<{ totalMessageCount?: number }>;
  };
  i18n: { getMessage(key: string, substitutions?: string[]): string };
  mailTabs: {
    get(tabId: number): Promise<{ messagePaneVisible?: boolean }>;
    getSelectedMessages(tabId: number): Promise<Sekisho.MessageList>;
    setSelectedMessages(tabId: number, messages: number[]): Promise<void>;
    onSelectedMessagesChanged: Sekisho.Event<(tab: Sekisho.Tab, selected: Sekisho.MessageList) => void>;
  };
  menus: {
    create(item: { id: string; title: string; contexts: Sekisho.MenuContext[] }): string | number;
    update(id: string, change: { title: string }): Promise<void>;
    removeAll(): Promise<void>;
    onClicked: Sekisho.Event<(info: Sekisho.MenuClick, tab?: Sekisho.Tab) => void>;
  };
  messageDisplay: {
    getDisplayedMessages(tabId: number): Promise<Sekisho.MessageList>;
    onMessagesDisplayed: Sekisho.Event<(tab: Sekisho.Tab, displayed: Sekisho.MessageList) => void>;
  };
  messageDisplayAction: Sekisho.BadgeApi & { openPopup(options: { windowId?: number }): Promise<boolean> };
  messages: {
    abortList(id: string): Promise<void>;
    continueList(id: string): Promise<Sekisho.MessageList>;
    get(id: number): Promise<Sekisho.MessageHeader>;
    list(folderId: string): Promise<Sekisho.MessageList>;
    getRaw(id: number, options: { data_format: "BinaryString" }): Promise<string>;
    update(id: number, properties: { junk?: boolean; tags?: string[] }): Promise<void>;
    onNewMailReceived: Sekisho.Event<(folder: Sekisho.MailFolder, list: Sekisho.MessageList) => void>;
    tags: { create(key: string, tag: string, color: string): Promise<string> };
    move(ids: number[], folderId: string, options: { isUserAction: true }): Promise<void>;
    query(which: { folderId?: string; headerMessageId: string }): Promise<Sekisho.MessageList>;
  };
  /** There when the permission is: it is optional. */
  notifications?: {
    create(name: string, options: { type: "basic"; iconUrl: string; title: string; message: string }): Promise<string>;
    clear(name: string): Promise<boolean>;
    onClicked: Sekisho.Event<(name: string) => void>;
    onClosed: Sekisho.Event<(name: string) => void>;
  };
  permissions: {
    request(wanted: { permissions: string[] }): Promise<boolean>;
    contains(wanted: { permissions: string[] }): Promise<boolean>;
    onAdded: Sekisho.Event<() => void> & { removeListener(listener: () => void): void };
  };
  runtime: {
    connect(info: { name: string }): any;
    connectNative(name: string): Sekisho.NativePort;
    getManifest(): { version: string };
    sendMessage(errand: Sekisho.Errand | Sekisho.Plea): Promise<any>;
    onMessage: Sekisho.Event<(errand: any, sender: { tab?: Sekisho.Tab }) => unknown>;
    onConnect: Sekisho.Event<(port: Sekisho.PanelPort | Sekisho.GuardPort | Sekisho.RoundPort) => void>;
    onInstalled: Sekisho.Event<(details: { reason: string }) => void>;
    onStartup: Sekisho.Event<() => void>;
  };
  scripting: {
    executeScript(injection: { target: { tabId: number }; files: string[] }): Promise<unknown>;
    messageDisplay: Sekisho.MessageScripts;
  };
  storage: { local: Sekisho.StorageArea; session: Sekisho.StorageArea; managed: Pick<Sekisho.StorageArea, "get"> };
  tabs: {
    sendMessage(tabId: number, news: { tell: "notice" }): Promise<unknown>;
    create(properties: { url: string }): Promise<Sekisho.Tab>;
    update(tabId: number, properties: { active: true }): Promise<unknown>;
    query(which: { active?: boolean; currentWindow?: boolean }): Promise<Sekisho.Tab[]>;
    onRemoved: Sekisho.Event<(tabId: number) => void>;
  };
  windows: {
    openDefaultBrowser(url: string): Promise<void>;
    create(properties: { type: "popup"; url: string; width: number; height: number }): Promise<unknown>;
    openDefaultBrowser(url: string): Promise<void>;
  };
};
