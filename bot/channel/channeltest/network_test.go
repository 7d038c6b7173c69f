package channeltest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// What the network takes.
const (
	maxText    = 300 // runes
	maxButtons = 6
	maxLabel   = 24 // runes
	token      = "s3cr3t-t0k3n"
)

// wireButton and wireUpdate are what the network speaks.
type wireButton struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

type wireUpdate struct {
	Seq    int    `json:"seq"`
	ID     string `json:"id"`
	From   string `json:"from"`
	Text   string `json:"text,omitempty"`
	Button string `json:"button,omitempty"`
}

type refusal struct {
	Why   string `json:"why"`
	After int    `json:"after,omitempty"`
}

// network is a small messenger on this machine that refuses what it should:
// wrong tokens, strangers, broken markup, texts and buttons beyond its limits.
// Updates stay until they are acknowledged by asking for those after them.
type network struct {
	*httptest.Server
	mu      sync.Mutex
	updates []wireUpdate
	seq     int
	known   map[string]bool
	seen    map[string][]dialogs.Message
	fail    *channel.ErrorKind // how the next sending fails
	after   time.Duration
	hung    chan struct{} // closed when the network speaks again; nil: it speaks
	news    chan struct{} // closed when an update comes
}

func newNetwork(t testing.TB) *network {
	n := &network{known: map[string]bool{}, seen: map[string][]dialogs.Message{}, news: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{token}/send", n.authorized(n.send))
	mux.HandleFunc("GET /{token}/updates", n.authorized(n.poll))
	n.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		n.CloseClientConnections()
		n.Close()
	})
	return n
}

func (n *network) authorized(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("token") != token {
			refuse(w, http.StatusUnauthorized, refusal{Why: "revoked"})
			return
		}
		next(w, r)
	}
}

func refuse(w http.ResponseWriter, status int, body refusal) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// send takes a message or says why not.
func (n *network) send(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	hung, fail := n.hung, n.fail
	n.fail = nil
	n.mu.Unlock()
	if hung != nil {
		select {
		case <-hung:
		case <-r.Context().Done():
		}
		return
	}
	if fail != nil && n.failAs(w, *fail) {
		return
	}
	to := r.FormValue("to")
	text, err := visible(r.FormValue("html"))
	var buttons [][]wireButton
	var m dialogs.Message
	switch {
	case err != nil:
		refuse(w, http.StatusBadRequest, refusal{Why: "markup"})
	case utf8.RuneCountInString(text) > maxText:
		refuse(w, http.StatusBadRequest, refusal{Why: "too long"})
	case r.FormValue("buttons") != "" && json.Unmarshal([]byte(r.FormValue("buttons")), &buttons) != nil:
		refuse(w, http.StatusBadRequest, refusal{Why: "refused"})
	default:
		m.Text = text
		if !takeButtons(&m, buttons) || !n.show(to, m) {
			refuse(w, http.StatusForbidden, refusal{Why: "unreachable"})
			return
		}
		_, _ = fmt.Fprintln(w, "{}")
	}
}

func takeButtons(m *dialogs.Message, rows [][]wireButton) bool {
	n := 0
	for _, row := range rows {
		var out []dialogs.Button
		for _, b := range row {
			if n++; n > maxButtons || utf8.RuneCountInString(b.Label) > maxLabel || len(b.ID) > 64 {
				return false
			}
			out = append(out, dialogs.Button{ID: b.ID, Label: b.Label})
		}
		m.Buttons = append(m.Buttons, out)
	}
	return true
}

// show puts a message before a person who has written before.
func (n *network) show(to string, m dialogs.Message) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.known[to] {
		return false
	}
	n.seen[to] = append(n.seen[to], m)
	return true
}

// failAs fails a sending in the way arranged.
func (n *network) failAs(w http.ResponseWriter, kind channel.ErrorKind) bool {
	switch kind {
	case channel.Temporary:
		refuse(w, http.StatusServiceUnavailable, refusal{Why: "not taken"})
	case channel.Uncertain:
		panic(http.ErrAbortHandler) // the line goes dead
	case channel.Limited:
		refuse(w, http.StatusTooManyRequests, refusal{Why: "slow down", After: int(n.after / time.Second)})
	case channel.BadFormat:
		refuse(w, http.StatusBadRequest, refusal{Why: "markup"})
	case channel.TooLong:
		refuse(w, http.StatusBadRequest, refusal{Why: "too long"})
	case channel.Unreachable:
		refuse(w, http.StatusForbidden, refusal{Why: "unreachable"})
	case channel.Refused:
		refuse(w, http.StatusBadRequest, refusal{Why: "refused"})
	case channel.ChannelDown:
		refuse(w, http.StatusUnauthorized, refusal{Why: "revoked"})
	}
	return true
}

// poll answers with the updates after a number, as soon as there are some, and
// forgets those up to it.
func (n *network) poll(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.Atoi(r.FormValue("after"))
	if err != nil {
		refuse(w, http.StatusBadRequest, refusal{Why: "refused"})
		return
	}
	n.mu.Lock()
	n.updates = slices.DeleteFunc(n.updates, func(u wireUpdate) bool { return u.Seq <= after })
	news, waiting := n.news, slices.Clone(n.updates)
	n.mu.Unlock()
	if len(waiting) == 0 {
		select {
		case <-news:
		case <-r.Context().Done():
		case <-time.After(time.Second):
		}
		n.mu.Lock()
		waiting = slices.Clone(n.updates)
		n.mu.Unlock()
	}
	_ = json.NewEncoder(w).Encode(waiting)
}

// act is what a person does.
func (n *network) act(u wireUpdate) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seq++
	u.Seq = n.seq
	n.known[u.From] = true
	n.updates = append(n.updates, u)
	close(n.news)
	n.news = make(chan struct{})
}

func (n *network) seenBy(person string) []dialogs.Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.seen[person])
}

func (n *network) failNext(kind channel.ErrorKind, after time.Duration) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fail, n.after = &kind, after
	return true
}

func (n *network) hang() (release func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	hung := make(chan struct{})
	n.hung = hung
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.hung = nil
		close(hung)
	}
}

var errMarkup = errors.New("broken markup")

// visible reads the network's markup: <b> and </b>, &lt; &gt; &amp;, no others.
func visible(html string) (string, error) {
	var b strings.Builder
	strong := false
	for html != "" {
		i := strings.IndexAny(html, "<>&")
		if i < 0 {
			b.WriteString(html)
			break
		}
		b.WriteString(html[:i])
		html = html[i:]
		token := ""
		for _, t := range []string{"<b>", "</b>", "&lt;", "&gt;", "&amp;"} {
			if strings.HasPrefix(html, t) {
				token = t
			}
		}
		if token == "" || token == "<b>" && strong || token == "</b>" && !strong {
			return "", errMarkup
		}
		switch token {
		case "<b>", "</b>":
			strong = !strong
		default:
			b.WriteString(map[string]string{"&lt;": "<", "&gt;": ">", "&amp;": "&"}[token])
		}
		html = html[len(token):]
	}
	if strong {
		return "", errMarkup
	}
	return b.String(), nil
}
