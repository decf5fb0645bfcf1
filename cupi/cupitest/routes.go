package cupitest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// routes is every request that the simulator knows. A new resource is one more table here.
func routes() []route {
	return slices.Concat(userRoutes, callHandlerRoutes, credentialRoutes, mailboxRoutes,
		alternateRoutes, proxyRoutes, memberRoutes, writtenListRoutes(), singleRoutes(), sameListRoutes(), customRoleRoutes,
		associationRoutes, serviceResetRoutes, resourceRoutes(), deviceRoutes,
		directoryRoutes, templateRoutes, primaryTemplateRoutes, voiceNameRoutes(), adminUserRoutes, dependencyRoutes,
		inventoryRoutes, storeRoutes, messageRoutes, ruleOrderRoutes, globalUserRoutes, licenceRoutes, streamRoutes(), recordingRoutes,
		listRoutes(allLists()), clusterRoutes, discoveryRoutes)
}

// unknownRoute is the place of requests that met none; it has no handle.
var unknownRoute = &route{}

// findRoute finds the request's route and the ids that its path holds, in order.
func findRoute(r *http.Request) (*route, []string) {
	path := segments(r.URL.EscapedPath())
	asked := r.Method
	if asked == http.MethodHead {
		asked = http.MethodGet // whose body does not leave
	}
	for _, known := range routesOf()[len(path)] {
		if known.method == asked {
			if ids, ok := match(known.path, path); ok {
				return known.route, ids
			}
		}
	}
	return unknownRoute, nil
}

// knownRoute is a route with its pattern taken apart.
type knownRoute struct {
	*route
	method string
	path   []string
}

// routesOf is the routes by how many segments their paths have.
var routesOf = sync.OnceValue(sortRoutes)

func sortRoutes() map[int][]knownRoute {
	sorted := map[int][]knownRoute{}
	for _, r := range routes() {
		method, pattern, _ := strings.Cut(r.pattern, " ")
		path := segments(pattern)
		sorted[len(path)] = append(sorted[len(path)], knownRoute{&r, method, path})
	}
	return sorted
}

// allowedMethods lists what can be done with the request's path, none if there is nothing there.
func allowedMethods(r *http.Request) []string {
	var methods []string
	path := segments(r.URL.EscapedPath())
	for _, known := range routesOf()[len(path)] {
		if _, ok := match(known.path, path); ok && !slices.Contains(methods, known.method) {
			methods = append(methods, known.method)
		}
	}
	return methods
}

// segments takes a path apart. Doubled slashes are one, as in Tomcat: addresses put together by hand have them.
func segments(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// match compares segment by segment; a segment in braces takes anything.
func match(pattern, path []string) (ids []string, ok bool) {
	if len(pattern) != len(path) {
		return nil, false
	}
	for i, segment := range pattern {
		if strings.HasPrefix(segment, "{") {
			id, err := url.PathUnescape(path[i])
			if err != nil || id == "" {
				return nil, false
			}
			ids = append(ids, id)
		} else if segment != path[i] {
			return nil, false
		}
	}
	return ids, true
}

// parameters are the names that the vendor's pages give what follows the "?".
var parameters = []string{"query", "sort", "rowsPerPage", "pageNumber", "limit", "offset", "method", "templateAlias",
	"MailboxStoreObjectId", "templateObjectId", "systemRoleToInherit"}

// values parses a raw query strictly, but for the case of the names.
func values(r *http.Request) (url.Values, error) {
	given, err := url.ParseQuery(r.URL.RawQuery)
	spelled := url.Values{}
	for name, texts := range given {
		if i := slices.IndexFunc(parameters, func(known string) bool { return strings.EqualFold(known, name) }); i >= 0 {
			name = parameters[i]
		}
		spelled[name] = append(spelled[name], texts...)
	}
	return spelled, err
}
