package console

import (
	"context"
	"net/http"

	"sachhon/bot/desk"
)

func (a *API) auditRoutes() {
	add(a, route{method: http.MethodGet, path: "/audit", action: "audit.list", summary: "List what programs did, the latest first", role: desk.Viewer},
		func(ctx context.Context, in *Paging) (*listed[desk.Record], error) {
			p, err := in.page()
			if err != nil {
				return nil, err
			}
			items, next, err := a.centre.Records(ctx, p)
			return answerList(items, next, "/audit", nil, p.Limit), err
		})
}
