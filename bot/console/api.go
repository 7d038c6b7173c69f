package console

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"sachhon/bot/desk"
	"sachhon/dialogs"
)

// Root is the path under which the API lives.
const Root = "/api/v1"

// Centre is everything that the API asks of the running program.
type Centre interface {
	Journal
	Classes
	People
	Messages
	Checks
}

// Journal knows the tokens and what was done with them.
type Journal interface {
	// Token returns the token with a hash; false when there is none.
	Token(ctx context.Context, hash desk.TokenHash) (desk.Token, bool, error)
	// TokenUsed notes that a token was used.
	TokenUsed(ctx context.Context, hash desk.TokenHash, at time.Time) error
	// Answer returns what a request was answered, to be given again.
	Answer(ctx context.Context, token desk.TokenHash, key desk.RequestKey) (desk.Answer, bool, error)
	// Records reads the audit, the latest first.
	Records(ctx context.Context, p Page) ([]desk.Record, string, error)
}

// Options are what an API is made of. Centre and Now are needed.
type Options struct {
	Centre     Centre
	Broadcasts Broadcasts // nil: there are none, and no routes of theirs
	Version    string
	Location   *time.Location // in which times are told; nil: UTC
	Log        *slog.Logger   // nil: nothing is logged
	Now        func() time.Time
	Limits     Limits
}

// API answers the requests under [Root].
type API struct {
	centre  Centre
	casts   Broadcasts
	version string
	zone    *time.Location
	log     *slog.Logger
	now     func() time.Time
	limits  *limits
	used    sync.Map // desk.TokenHash → the minute it was noted as used, in Unix seconds

	made sync.Once
	huma huma.API
	mux  *http.ServeMux
	spec []byte
}

// New returns an API whose routes are made with its first request.
func New(o Options) *API {
	a := &API{centre: o.Centre, casts: o.Broadcasts, version: o.Version, zone: o.Location, log: o.Log, now: o.Now, limits: newLimits(o.Limits)}
	if a.zone == nil {
		a.zone = time.UTC
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	return a
}

// Routes registers the API.
func (a *API) Routes(mux *http.ServeMux) { mux.Handle(Root+"/", a) }

// asker is whose request this is.
type asker struct {
	token desk.Token
	hash  desk.TokenHash
	lang  dialogs.Lang
}

type askerKey struct{}

// askerOf returns whose request a context belongs to.
func askerOf(ctx context.Context) *asker {
	who, ok := ctx.Value(askerKey{}).(*asker)
	if !ok {
		return &asker{lang: dialogs.English}
	}
	return who
}

// ServeHTTP lets a request in when its token works and carries it out.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.made.Do(a.make)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	who := &asker{lang: langOf(r.Header.Get("Accept-Language"))}
	defer a.recovered(w, who.lang)
	if r.URL.Path == Root+"/openapi.json" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(a.spec) //nolint:errcheck // the other side is gone
		return
	}
	if refused := a.admit(r, who); refused != nil {
		refused.write(w)
		return
	}
	a.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), askerKey{}, who)))
}

// admit finds out whose token a request carries; the answer is nil, or why it
// is not let in. The token stands in a header only, never in the address,
// which proxies and browsers write down.
func (a *API) admit(r *http.Request, who *asker) *refusal {
	kind, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	secret = strings.TrimSpace(secret)
	known := false
	if strings.EqualFold(kind, "Bearer") && secret != "" {
		var err error
		who.hash = desk.HashToken(secret)
		if who.token, known, err = a.centre.Token(r.Context(), who.hash); err != nil {
			return a.failed(who.lang, err)
		}
	}
	now := a.now()
	if !known || !who.token.Works() {
		if wait := a.limits.failed(now); wait > 0 {
			return tooMany(who.lang, wait)
		}
		out := plain(who.lang, http.StatusUnauthorized, wordsNoToken)
		out.headers = http.Header{"Www-Authenticate": {`Bearer realm="sachhon"`}}
		return out
	}
	if wait := a.limits.take(who.hash, now); wait > 0 {
		return tooMany(who.lang, wait)
	}
	a.noteUse(r.Context(), who, now)
	return nil
}

// noteUse keeps when a token was used last, once a minute at the most: a read
// must not cost a commit.
func (a *API) noteUse(ctx context.Context, who *asker, now time.Time) {
	minute := now.UTC().Truncate(time.Minute)
	if before, ok := a.used.Swap(who.hash, minute.Unix()); ok && before == minute.Unix() || !who.token.Used.Before(minute) {
		return
	}
	if err := a.centre.TokenUsed(ctx, who.hash, minute); err != nil {
		a.log.Warn("use of token not noted", "token", who.token.Name, "error", err)
	}
}

// recovered answers for a request that panicked.
func (a *API) recovered(w http.ResponseWriter, lang dialogs.Lang) {
	p := recover()
	if p == nil || p == http.ErrAbortHandler {
		return
	}
	// What it panicked with may hold what people said.
	a.failed(lang, fmt.Errorf("request panicked: %T", p)).write(w)
}

// make makes the routes and their description.
func (a *API) make() {
	a.mux = http.NewServeMux()
	config := huma.DefaultConfig("sachhon", a.version)
	config.Info.Description = "Classes, registrations, people, questions and broadcasts of the cleaner-production programme. Show a token as `Authorization: Bearer TOKEN`; `sachhon token create` makes one. Lists page with `limit` and `cursor`. A POST may carry an `Idempotency-Key`."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	config.RejectUnknownQueryParameters = true
	config.Transformers = []huma.Transformer{a.localize}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	a.huma = humago.New(a.mux, config)
	a.classRoutes()
	a.peopleRoutes()
	a.messageRoutes()
	a.checkRoutes()
	if a.casts != nil {
		a.broadcastRoutes()
	}
	a.auditRoutes()
	a.mux.HandleFunc("/", a.elsewhere)
	spec, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		a.log.Error("API not described", "error", err)
		spec = []byte("{}")
	}
	a.spec = spec
}

// elsewhere answers where there is no route, or none for the method.
func (a *API) elsewhere(w http.ResponseWriter, r *http.Request) {
	lang := askerOf(r.Context()).lang
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(probe); pattern != "/" && pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if allowed == nil {
		plain(lang, http.StatusNotFound, wordsNoRoute).write(w)
		return
	}
	out := plain(lang, http.StatusMethodNotAllowed, wordsNoMethod)
	out.headers = http.Header{"Allow": {strings.Join(allowed, ", ")}}
	out.write(w)
}
