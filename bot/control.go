package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// The control routes are what commands of the shell speak to, over the socket
// in the data folder or, with no server running, in their own process. They
// are between two halves of one program: their form may change at any time.

// SayRequest is one thing done in a terminal's conversation.
type SayRequest struct {
	As    string // the contact's address, "terminal:local"
	Lang  dialogs.Lang
	ID    string // the same request sent again acts once
	Input dialogs.Input
	Label string
	After uint64 // the last entry the terminal has shown
}

// MediaFile is a file of a terminal's conversation.
type MediaFile struct {
	Name  string
	Bytes []byte
}

// ControlError is what every refused control request answers with.
type ControlError struct {
	Error string `json:"error"`
	// Code is the machine's word for it, where there is one.
	Code string `json:"code,omitempty"`
}

// maxControl is the largest control request, in bytes.
const maxControl = 8 << 20

// controlRoutes lists everything the shell can ask for.
func controlRoutes(b *Bot) http.Handler {
	mux := http.NewServeMux()
	handle(mux, "POST /chat/say", b.controlSay)
	handle(mux, "GET /chat/news", b.controlNews)
	handle(mux, "GET /chat/last", b.controlLast)
	mux.HandleFunc("GET /chat/media", b.controlMedia)
	b.controlProgramme(mux)
	b.controlBroadcasts(mux)
	b.controlSegments(mux)
	b.controlTokens(mux)
	b.controlRuns(mux)
	return mux
}

// badRequest is a fault of the caller, told in a plain sentence.
type badRequest struct{ err error }

func (e badRequest) Error() string { return e.err.Error() }
func (e badRequest) Unwrap() error { return e.err }

// handle registers a route whose answer is JSON.
func handle(mux *http.ServeMux, pattern string, fn func(r *http.Request) (any, error)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxControl)
		out, err := fn(r)
		if err != nil {
			writeError(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(out) //nolint:errcheck // the other side is gone
	})
}

// writeError tells what went wrong in one sentence.
func writeError(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	_, asked := errors.AsType[badRequest](err)
	_, refused := errors.AsType[programme.Problem](err)
	if asked || refused {
		status = http.StatusBadRequest
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(ControlError{Error: err.Error()}) //nolint:errcheck // the other side is gone
}

func decode[T any](r *http.Request) (v T, err error) {
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
		return v, badRequest{fmt.Errorf("read request: %w", err)}
	}
	return v, nil
}

// terminalAddress checks that the shell speaks for a terminal contact only.
func terminalAddress(as string) (channel.Address, error) {
	at, err := channel.ParseAddress(as)
	if err != nil || at.Channel != "terminal" {
		return at, badRequest{errors.New(`the contact must be "terminal:NAME", for example terminal:local`)}
	}
	return at, nil
}

func (b *Bot) controlSay(r *http.Request) (any, error) {
	req, err := decode[SayRequest](r)
	if err != nil {
		return nil, err
	}
	at, err := terminalAddress(req.As)
	if err != nil {
		return nil, err
	}
	err = b.committer.Receive(r.Context(), channel.Incoming{ID: req.ID, Address: at, Input: req.Input, Lang: req.Lang, Label: req.Label})
	if err != nil {
		return nil, err
	}
	return b.entriesAfter(r.Context(), at, req.After)
}

// entriesAfter returns everything above after; all of a short conversation
// when after is 0. What is drawn only when somebody opens it gets its size here:
// programs read it.
func (b *Bot) entriesAfter(ctx context.Context, at channel.Address, after uint64) ([]channel.Entry, error) {
	entries, err := b.transcript(ctx, at, after, 200)
	for _, e := range entries {
		for i := range e.Message.Media {
			if m := &e.Message.Media[i]; m.Size == 0 {
				_, body, err := b.openMedia(ctx, at, e.Seq, i)
				if err != nil {
					continue // it is gone, and opening it will say so
				}
				m.Size, _ = io.Copy(io.Discard, body)
				body.Close()
			}
		}
	}
	return entries, err
}

func (b *Bot) controlNews(r *http.Request) (any, error) {
	at, err := terminalAddress(r.FormValue("as"))
	if err != nil {
		return nil, err
	}
	after, err := strconv.ParseUint(r.FormValue("after"), 10, 64)
	if err != nil {
		return nil, badRequest{fmt.Errorf("read after: %w", err)}
	}
	return b.waitNews(r.Context(), at, after, 25*time.Second)
}

func (b *Bot) controlLast(r *http.Request) (any, error) {
	at, err := terminalAddress(r.FormValue("as"))
	if err != nil {
		return nil, err
	}
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || limit < 1 || limit > 1000 {
		return nil, badRequest{errors.New("limit must be a number from 1 to 1000")}
	}
	return b.transcript(r.Context(), at, 0, limit)
}

func (b *Bot) controlMedia(w http.ResponseWriter, r *http.Request) {
	at, err := terminalAddress(r.FormValue("as"))
	seq, err2 := strconv.ParseUint(r.FormValue("seq"), 10, 64)
	index, err3 := strconv.Atoi(r.FormValue("index"))
	if err := errors.Join(err, err2, err3); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	m, body, err := b.openMedia(r.Context(), at, seq, index)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	defer body.Close()
	raw, err := io.ReadAll(body)
	if err != nil {
		writeError(w, err)
		return
	}
	json.NewEncoder(w).Encode(MediaFile{Name: m.Name, Bytes: raw}) //nolint:errcheck // the other side is gone
}
