package cupitest

// routingResources is what hangs on call routing rules: when they apply. The rules of a fresh server always do.
var routingResources = []resource{
	{kind: "routingruleconditions", path: "routingrules/{id}/routingruleconditions", wrapper: "RoutingRuleConditions", element: "RoutingRuleCondition",
		owner: inList("routingrules"),
		schema: newSchema(
			field{"URI", derived, 0, "/vmrest/routingrules/{owner.ObjectId}/routingruleconditions/{ObjectId}", listed},
			field{"ObjectId", text, 36, "", listed | fixed},
			field{"RoutingRuleObjectId", text, 36, "{owner.ObjectId}", listed | fixed},
		)},
}
