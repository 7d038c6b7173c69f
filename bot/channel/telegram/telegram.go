package telegram

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// Name is the channel part of the addresses of people on Telegram; the id is
// the number of their private chat with the bot.
const Name = "telegram"

// How many messages a second Telegram takes of a bot: for nothing (Bots FAQ,
// “My bot is hitting limits”), and where more may be paid for (Bot API,
// sendMessage, allow_paid_broadcast).
const (
	FreeRate = 30
	PaidRate = 1000
)

// Options are what a [Telegram] is made of. Only Token is needed.
type Options struct {
	// Token is what @BotFather gave: "123456:ABC…". It is a secret.
	Token string
	// API is where the Bot API is; nil: https://api.telegram.org.
	API *url.URL
	// Log receives failures, never texts, names, numbers or the token; nil: none.
	Log *slog.Logger
	// Transport carries the requests; nil: one of our own that keeps as many
	// connections as are used at once.
	Transport http.RoundTripper
	// Files opens what messages carry; nil: nothing can be opened, and messages
	// are sent without their files.
	Files Files
	// Notes is the channel's memory; nil: a memory that ends with the program.
	Notes Notes
	// Webhook says that updates come by webhook at PublicURL + WebhookPath.
	Webhook bool
	// PublicURL is where the program is reached from outside, for the webhook.
	PublicURL *url.URL
	// Paid allows Telegram to take 0.1 of the bot's Stars for every message that
	// goes beyond [FreeRate], up to [PaidRate]. It must be switched on at @BotFather too.
	Paid bool
	// Commands is the menu beside the text field, in each language; nil leaves it
	// as it is.
	Commands map[dialogs.Lang][]Command
	// Description is shown in an empty chat, above the button Start, at most 512
	// characters; Short in the bot's profile, at most 120. Empty ones leave what
	// is there.
	Description, Short dialogs.Text
	// Words are the few texts the adapter says by itself; empty ones mean the
	// defaults.
	Words Words
}

// Files opens what messages carry.
type Files interface {
	// Open returns the bytes a [dialogs.Media.Ref] names, and whether the same
	// bytes go to many people: then they are uploaded once. The error is
	// fs.ErrNotExist when there are none.
	Open(ctx context.Context, ref string) (body io.ReadCloser, shared bool, err error)
}

// Notes is a small durable memory, key → value, of this channel alone. A key
// that was never put has the value ""; putting "" deletes. Keys that begin with
// "chat:ID:" are about one person and go when that person is forgotten.
type Notes interface {
	Note(ctx context.Context, key string) (string, error)
	PutNote(ctx context.Context, key, value string) error
}

// Command is one line of the menu: Name without the slash, at most 32 of
// a–z, 0–9 and _, and what it does.
type Command struct{ Name, About string }

// Telegram is the channel. Make one with [New].
type Telegram struct {
	opts    Options
	log     *slog.Logger
	client  *client
	files   Files
	notes   Notes
	words   Words
	bot     string // the bot's own id, the first part of the token
	seal    *seal
	answers *answers
	acts    *acts
	albums  *albums
	begun   *begun
	told    sync.Map // groups that are being told right now

	mu       sync.Mutex
	username string // "" until known
}

// New returns the channel. It asks nobody anything yet.
func New(o Options) *Telegram {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Files == nil {
		o.Files = noFiles{}
	}
	if o.Notes == nil {
		o.Notes = newPad()
	}
	bot, _, _ := strings.Cut(o.Token, ":")
	return &Telegram{
		opts: o, log: o.Log, client: newClient(o.Token, o.API, o.Transport), files: o.Files, notes: o.Notes,
		words: o.Words.withDefaults(), bot: bot, seal: newSeal(o.Token),
		answers: newAnswers(), acts: newActs(), albums: newAlbums(), begun: newBegun(),
	}
}

// Name returns [Name].
func (t *Telegram) Name() string { return Name }

// maxText is the longest text of one message in code points, maxCaption that
// of a text under a picture or file (Bot API, sendMessage and sendPhoto).
const (
	maxText    = 4096
	maxCaption = 1024
)

// Capabilities says what Telegram shows. It publishes no limit for buttons: 20
// are what can still be chosen from on a phone, 64 letters more than a phone
// shows of a label.
func (t *Telegram) Capabilities() channel.Capabilities {
	return channel.Capabilities{
		Buttons: 20, Label: 64, Text: maxText, Marked: true, Pictures: true, Files: true, Caption: maxCaption,
		SharePhone: true, Edits: true, Typing: true,
	}
}

// Username returns the bot's name on Telegram without the "@", for links such
// as t.me/NAME?start=class_7f3k; empty until Setup or Poll learned it.
func (t *Telegram) Username() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.username
}

func (t *Telegram) setUsername(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.username = name
}
