package webchat

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// Bot is what the page needs of the running program.
type Bot interface {
	channel.Receiver
	// Preview plays in against the contact's present state without keeping
	// anything and returns what the transcript would gain. A later Receive of
	// an Incoming with the same ID says the same and offers the same buttons.
	Preview(ctx context.Context, in channel.Incoming) ([]channel.Entry, error)
	// Transcript returns at most limit entries with Seq > after, oldest first;
	// after 0 gives the last limit of them.
	Transcript(ctx context.Context, at channel.Address, after uint64, limit int) ([]channel.Entry, error)
	// Watch returns a channel that receives after something was committed for
	// the address (coalesced, capacity 1), and a function that ends it.
	Watch(at channel.Address) (<-chan struct{}, func())
	// Lang returns the language the contact chose, "" when unknown.
	Lang(ctx context.Context, at channel.Address) (dialogs.Lang, error)
	// Open returns the bytes of a media file that an entry of this very address
	// carries. The error is fs.ErrNotExist when there is none.
	Open(ctx context.Context, at channel.Address, seq uint64, index int) (dialogs.Media, io.ReadCloser, error)
	// Keep stores an uploaded file and returns it for Input.File.
	Keep(ctx context.Context, name, mime string, r io.Reader) (dialogs.Media, error)
}

// Options are the settings of the page. The zero value works on one machine
// without https.
type Options struct {
	// Centre is the name in the title and the header; empty: a neutral one.
	Centre string
	// PublicURL is where people reach the page; nil: unknown. An https one
	// makes every cookie Secure.
	PublicURL *url.URL
	// WidgetOrigins may frame the chat, "https://www.example.vn"; empty: none.
	WidgetOrigins []string
	// TrustedProxies are believed about X-Forwarded-For and -Proto.
	TrustedProxies []netip.Prefix
	// Limits against abuse; zero fields mean the defaults.
	Limits Limits
	// Location is where dates and times are read; nil: UTC.
	Location *time.Location
	// Log receives failures, never texts, cookies or whole addresses; nil: none.
	Log *slog.Logger
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Name is the channel part of the addresses of web visitors.
const Name = "web"

// Web is the web chat. Make one with [New].
type Web struct {
	bot     Bot
	opts    Options
	log     *slog.Logger
	now     func() time.Time
	origins []string // of WidgetOrigins, those that are origins
	guests  *guests
	look    func() *look // templates and assets, read when first needed
}

// New returns the web chat of a bot.
func New(bot Bot, opts Options) *Web {
	if opts.Location == nil {
		opts.Location = time.UTC
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	opts.Limits = opts.Limits.withDefaults()
	w := &Web{bot: bot, opts: opts, log: opts.Log, now: opts.Now, guests: newGuests(opts.Limits), look: sync.OnceValue(loadLook)}
	for _, o := range opts.WidgetOrigins {
		if isOrigin(o) {
			w.origins = append(w.origins, o)
		} else {
			w.log.Warn("widget origin ignored: want scheme://host[:port]", "origin", o)
		}
	}
	return w
}

// Name returns [Name].
func (w *Web) Name() string { return Name }

// Capabilities says what the page can show: everything but the sharing of a
// phone number, since a browser cannot vouch for one.
func (w *Web) Capabilities() channel.Capabilities {
	return channel.Capabilities{Pull: true, Buttons: maxButtons, Marked: true, Pictures: true, Files: true, Typing: true}
}

// maxButtons is how many choices under one message are still usable on a phone.
const maxButtons = 24

// Routes mounts the page and everything that belongs to it.
func (w *Web) Routes(mux *http.ServeMux) {
	mux.Handle("GET /{$}", w.secured(pageOnly, w.getPage))
	mux.Handle("POST /{$}", w.secured(pageOnly, w.posted(w.postPage)))
	mux.Handle("GET /widget", w.secured(framed, w.widgetOnly(w.getPage)))
	mux.Handle("POST /widget", w.secured(framed, w.widgetOnly(w.posted(w.postPage))))
	mux.Handle("POST /say", w.secured(pageOnly, w.posted(w.postFragment)))
	mux.Handle("GET /events", w.secured(pageOnly, w.getEvents))
	mux.Handle("GET /media/{seq}/{index}", w.secured(mediaFile, w.getMedia))
	mux.Handle("GET /assets/{name}", w.secured(pageOnly, w.getAsset))
	mux.Handle("GET /widget.js", w.secured(script, w.getWidgetScript))
}
