package store

// bucket describes one bucket: who owns its records and how keys are laid out.
// All numbers in keys are big-endian, so that byte order is their order; text
// in keys is ended by a zero byte where something follows it.
type bucket struct {
	name, owner, key, value string
}

// The names of all buckets.
var (
	bMeta       = []byte("meta")
	bContacts   = []byte("contacts")
	bAddresses  = []byte("addresses")
	bShut       = []byte("addresses_shut")
	bSessions   = []byte("sessions")
	bTranscript = []byte("transcript")
	bSeen       = []byte("seen")
	bClasses    = []byte("classes")
	bClassTimes = []byte("class_times")
	bRegs       = []byte("registrations")
	bRegOfClass = []byte("registrations_of_class")
	bRegOfWho   = []byte("registrations_of_contact")
	bRegOfPhone = []byte("registrations_of_phone")
	bDue        = []byte("due")
	bDueAt      = []byte("due_at")
	bOutbox     = []byte("outbox")
	bReady      = []byte("outbox_ready")
	bOfAddress  = []byte("outbox_of_address")
	bLeased     = []byte("outbox_leased")
	bDead       = []byte("outbox_dead")
	bInbox      = []byte("inbox")
	bChecks     = []byte("assessments")
	bCheckOfWho = []byte("assessments_of_contact")
	bCheckPeers = []byte("assessments_of_sector")
	bRequests   = []byte("requests")
	bReqOfWho   = []byte("requests_of_contact")
	bForgotten  = []byte("forgotten")
	bVotes      = []byte("votes")
	bNotes      = []byte("channel_notes")
	bCasts      = []byte("broadcasts")
	bRecipients = []byte("outbox_broadcast")
	bSegments   = []byte("segments")
	bSent       = []byte("sent_lately")
	bTokens     = []byte("tokens")
	bAnswers    = []byte("api_answers")
	bAudit      = []byte("audit")
	bGot        = []byte("got")
	bRuns       = []byte("runs")
	bFates      = []byte("fates")
)

// buckets is the table of all buckets.
var buckets = []bucket{
	{"meta", "store", "name", "schema(8); planned_for: text"},
	{"contacts", "dialogs", "contact", "dialogs.Contact"},
	{"addresses", "bot/channel", "channel:id", "address row: contact, standing"},
	{"addresses_shut", "bot/channel", "channel:id, of those that cannot be written to", "empty"},
	{"sessions", "dialogs", "contact", "dialogs.Session"},
	{"transcript", "bot/channel", "channel:id 0 seq(8)", "channel.Entry"},
	{"seen", "bot", "channel 0 update", "unix seconds(8)"},
	{"classes", "bot/programme", "class", "programme.Class"},
	{"class_times", "bot/programme", "start unix(8) class", "empty"},
	{"registrations", "bot/programme", "registration", "programme.Registration"},
	{"registrations_of_class", "bot/programme", "class 0 number(4)", "registration"},
	{"registrations_of_contact", "bot/programme", "contact 0 created unix(8) registration", "empty"},
	{"registrations_of_phone", "bot/programme", "class 0 phone 0 number(4)", "registration"},
	{"due", "scheduler", "kind 0 key; of claimed jobs too, until they are swept up", "time unix nano(8) scheduler.Job"},
	{"due_at", "scheduler", "time unix nano(8) kind 0 key, of jobs that were not claimed", "empty"},
	{"outbox", "bot/outbox", "row(8)", "outbox.Row"},
	{"outbox_of_address", "bot/outbox", "channel:id 0 lane(1) row(8), of open rows", "empty"},
	{"outbox_ready", "bot/outbox", "channel 0 lane(1) due unix nano(8) row(8), of the first open row of each address and lane", "empty"},
	{"outbox_leased", "bot/outbox", "channel 0 row(8), of leased rows", "empty"},
	{"outbox_dead", "bot/outbox", "row(8), of dead rows", "empty"},
	{"inbox", "bot/desk", "question(8)", "desk.Question"},
	{"assessments", "bot/programme", "assessment(8)", "programme.Assessment"},
	{"assessments_of_contact", "bot/programme", "contact 0 assessment(8)", "empty"},
	{"assessments_of_sector", "bot/programme", "sector 0 enterprise or contact", "assessment(8) band, of the latest one"},
	{"requests", "bot/programme", "request(8)", "programme.Request"},
	{"requests_of_contact", "bot/programme", "contact 0 request(8)", "empty"},
	{"forgotten", "store", "contact", "unix seconds(8)"},
	{"votes", "bot", "tip", "useful, not useful"},
	{"channel_notes", "bot/channel", "channel 0 key; of one person: channel 0 chat:id:key", "text"},
	{"broadcasts", "scheduler", "broadcast", "scheduler.Broadcast"},
	{"outbox_broadcast", "scheduler", "broadcast 0 contact; of somebody forgotten: broadcast 0 0xff number(8)", "scheduler.Recipient"},
	{"segments", "scheduler", "name", "scheduler.Segment as JSON"},
	{"sent_lately", "scheduler", "contact", "scheduler.Sent"},
	{"tokens", "bot/desk", "hash(32)", "desk.Token"},
	{"api_answers", "bot/desk", "token hash(32) key hash(32)", "desk.Answer"},
	{"audit", "bot/desk", "record(8)", "desk.Record"},
	{"got", "scheduler", "contact 0 key of a push; of the house: 0 key", "unix seconds(8)"},
	{"runs", "scheduler", "name 0 number(8)", "scheduler.Run"},
	{"fates", "scheduler", "contact 0 key of a push", "scheduler.Fate"},
}
