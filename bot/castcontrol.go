package bot

import (
	"context"
	"errors"
	"io"
	"net/http"

	"sachhon/dialogs"
)

// TestRequest names whom a broadcast's message is sent to, to be looked at.
type TestRequest struct{ Contact string }

// RewordRequest is what is to change of a broadcast; what is empty stays.
type RewordRequest struct {
	Title string
	Text  dialogs.Text
}

// controlBroadcasts registers what the shell can do with broadcasts.
func (b *Bot) controlBroadcasts(mux *http.ServeMux) {
	handle(mux, "GET /broadcasts", func(r *http.Request) (any, error) { return b.Broadcasts(r.Context()) })
	handle(mux, "POST /broadcasts", func(r *http.Request) (any, error) {
		spec, err := readBroadcast(r)
		if err != nil {
			return nil, err
		}
		return b.CreateBroadcast(r.Context(), spec, "shell")
	})
	handle(mux, "POST /broadcasts/preview", func(r *http.Request) (any, error) {
		spec, err := readBroadcast(r)
		if err != nil {
			return nil, err
		}
		return b.PreviewBroadcast(r.Context(), spec)
	})
	handle(mux, "GET /broadcasts/{id}", func(r *http.Request) (any, error) { return b.Broadcast(r.Context(), r.PathValue("id")) })
	for what, do := range map[string]func(context.Context, string) (BroadcastView, error){
		"pause": b.PauseBroadcast, "resume": b.ResumeBroadcast, "cancel": b.CancelBroadcast,
	} {
		handle(mux, "POST /broadcasts/{id}/"+what, func(r *http.Request) (any, error) { return do(r.Context(), r.PathValue("id")) })
	}
	handle(mux, "POST /broadcasts/{id}/reword", func(r *http.Request) (any, error) {
		req, err := decode[RewordRequest](r)
		if err != nil {
			return nil, err
		}
		return b.RewordBroadcast(r.Context(), r.PathValue("id"), req.Title, req.Text)
	})
	handle(mux, "POST /broadcasts/{id}/test", func(r *http.Request) (any, error) {
		req, err := decode[TestRequest](r)
		if err != nil {
			return nil, err
		}
		return struct{}{}, b.TestBroadcast(r.Context(), r.PathValue("id"), req.Contact)
	})
	handle(mux, "POST /rehearse", func(r *http.Request) (any, error) {
		spec, err := decode[RehearsalSpec](r)
		if err != nil {
			return nil, err
		}
		return b.Rehearse(r.Context(), spec)
	})
	handle(mux, "GET /why", func(r *http.Request) (any, error) {
		if id := r.FormValue("broadcast"); id != "" {
			one, err := b.BroadcastRecipient(r.Context(), id, r.FormValue("contact"))
			return []WhyView{b.castView(&one)}, err
		}
		return b.Why(r.Context(), r.FormValue("contact"))
	})
}

func readBroadcast(r *http.Request) (BroadcastSpec, error) {
	raw, err := io.ReadAll(r.Body)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return BroadcastSpec{}, badRequest{errors.New("the broadcast is larger than 8 MB; take a smaller picture")}
	}
	if err != nil {
		return BroadcastSpec{}, err
	}
	return ParseBroadcast(raw)
}
