package console

import (
	"context"
	"net/http"
	"net/url"

	"sachhon/bot/desk"
	"sachhon/bot/programme"
)

// Checks are the self-checks and the requests for an expert's visit. Errors are
// those of bot/programme, [ErrMissing] and [ErrCursor].
type Checks interface {
	// Assessments reads the self-checks, the oldest first; sector "": of all.
	Assessments(ctx context.Context, sector string, p Page) ([]programme.Assessment, string, error)
	Assessment(ctx context.Context, id uint64) (programme.Assessment, error)
	// Requests reads the requests, the oldest first; state "": in any.
	Requests(ctx context.Context, state string, p Page) ([]programme.Request, string, error)
	Request(ctx context.Context, id uint64) (programme.Request, error)
	// ChangeRequest brings a request to another state.
	ChangeRequest(ctx context.Context, id uint64, to programme.RequestState, reason string) (programme.Request, error)
}

// RequestPatch brings a request to another state.
type RequestPatch struct {
	State  string `json:"state" doc:"contacted, scheduled, surveyed, reported, followed_up, closed or declined; forward only."`
	Reason string `json:"reason,omitempty" doc:"Why it is declined."`
}

type assessmentsGet struct {
	Paging
	Sector string `query:"sector" maxLength:"40"`
}

type requestsGet struct {
	Paging
	State string `query:"state" enum:"received,contacted,scheduled,surveyed,reported,followed_up,closed,declined"`
}

type requestPatch struct {
	NumberID
	Body RequestPatch
}

func (a *API) checkRoutes() {
	add(a, route{method: http.MethodGet, path: "/assessments", action: "assessment.list", summary: "List self-checks, the oldest first", role: desk.Viewer},
		func(ctx context.Context, in *assessmentsGet) (*listed[programme.Assessment], error) {
			p, err := in.page()
			if err != nil {
				return nil, err
			}
			items, next, err := a.centre.Assessments(ctx, in.Sector, p)
			return answerList(items, next, "/assessments", url.Values{"sector": {in.Sector}}, p.Limit), err
		})
	add(a, route{method: http.MethodGet, path: "/assessments/{id}", action: "assessment.show", summary: "Show a self-check", role: desk.Viewer},
		func(ctx context.Context, in *NumberID) (*answered[programme.Assessment], error) {
			return answer(a.centre.Assessment(ctx, in.number()))
		})
	add(a, route{method: http.MethodGet, path: "/requests", action: "request.list", summary: "List requests for an expert's visit, the oldest first", role: desk.Viewer},
		func(ctx context.Context, in *requestsGet) (*listed[programme.Request], error) {
			p, err := in.page()
			if err != nil {
				return nil, err
			}
			items, next, err := a.centre.Requests(ctx, in.State, p)
			return answerList(items, next, "/requests", url.Values{"state": {in.State}}, p.Limit), err
		})
	add(a, route{method: http.MethodGet, path: "/requests/{id}", action: "request.show", summary: "Show a request for an expert's visit", role: desk.Viewer},
		func(ctx context.Context, in *NumberID) (*answered[programme.Request], error) {
			return answer(a.centre.Request(ctx, in.number()))
		})
	add(a, route{method: http.MethodPatch, path: "/requests/{id}", action: "request.change", summary: "Bring a request for an expert's visit to another state", role: desk.Officer},
		func(ctx context.Context, in *requestPatch) (*answered[programme.Request], error) {
			return answer(a.centre.ChangeRequest(ctx, in.number(), programme.RequestState(in.Body.State), in.Body.Reason))
		})
}
