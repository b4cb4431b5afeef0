//! Whether what is said of balancers, outages, accelerators and parameters makes sense together.

use super::super::accelerator::EndpointPlan;
use super::super::plan::Plan;
use super::check_reach;

pub(super) fn check(plan: &Plan) -> Result<(), String> {
    check_balancers(plan)?;
    for accelerator in &plan.accelerator {
        check_reach(plan, &accelerator.on, &accelerator.name)?;
        if let Some(stack) = &accelerator.stack {
            check_stack(plan, stack)?;
        }
        let groups = accelerator.listener.iter().flat_map(|one| &one.group);
        let groups: Vec<_> = groups.collect();
        for endpoint in groups.iter().flat_map(|group| &group.endpoint) {
            check_endpoint(plan, endpoint, &accelerator.name)?;
        }
        for dial in &accelerator.dial {
            if !groups
                .iter()
                .any(|group| group.regions.contains(&dial.region))
            {
                return Err(format!(
                    "Accelerator {:?} has no endpoint group in {:?}, whose dial is to be turned.",
                    accelerator.name, dial.region
                ));
            }
        }
    }
    for attachment in &plan.attachment {
        check_account(plan, &attachment.account)?;
        for principal in &attachment.principals {
            check_account(plan, principal)?;
        }
        for endpoint in &attachment.endpoint {
            check_endpoint(plan, endpoint, &attachment.name)?;
        }
    }
    for parameter in &plan.parameter {
        check_reach(plan, &parameter.on, &parameter.name)?;
        let Some((name, _)) = &parameter.endpoint_group else {
            continue;
        };
        if plan.accelerator.iter().all(|known| known.name != *name) {
            return Err(format!(
                "Parameter {:?} is about the accelerator {name:?}, which does not exist.",
                parameter.name
            ));
        }
    }
    Ok(())
}

fn check_balancers(plan: &Plan) -> Result<(), String> {
    for balancer in &plan.load_balancer {
        match (&balancer.stack, &balancer.name) {
            (Some(stack), None) => check_stack(plan, stack)?,
            (None, Some(_)) => {}
            (Some(_), Some(_)) | (None, None) => {
                return Err("A [[load_balancer]] needs either a stack or a name.".to_owned());
            }
        }
        let name = balancer.stack.as_ref().or(balancer.name.as_ref());
        check_reach(plan, &balancer.on, name.map_or("", String::as_str))?;
        let functions = balancer
            .group
            .iter()
            .filter_map(|group| group.function.as_ref());
        for (stack, _) in functions {
            check_stack(plan, stack)?;
        }
    }
    for outage in &plan.outage {
        let subjects = [
            &outage.stack,
            &outage.load_balancer,
            &outage.instance,
            &outage.elastic_ip,
        ];
        let mut named = subjects.into_iter().flatten();
        let (Some(subject), None) = (named.next(), named.next()) else {
            return Err(
                "An [[outage]] is of a stack, a load_balancer, an instance or an elastic_ip."
                    .to_owned(),
            );
        };
        check_reach(plan, &outage.on, subject)?;
        if let Some(stack) = &outage.stack {
            check_stack(plan, stack)?;
        }
        let balancers = plan.load_balancer.iter();
        let mut names = balancers.filter_map(|balancer| balancer.name.as_ref());
        if let Some(name) = &outage.load_balancer
            && !names.any(|known| known == name)
        {
            return Err(format!("There is no [[load_balancer]] called {name:?}."));
        }
    }
    Ok(())
}

fn check_stack(plan: &Plan, stack: &str) -> Result<(), String> {
    if plan.stack.iter().any(|known| known.name == stack) {
        return Ok(());
    }
    Err(format!("There is no [[stack]] called {stack:?}."))
}

fn check_account(plan: &Plan, name: &str) -> Result<(), String> {
    if plan.account.iter().any(|account| account.name == name) {
        return Ok(());
    }
    Err(format!("There is no [[account]] called {name:?}."))
}

/// Balancers and stacks of endpoints may be gone: that happens.
fn check_endpoint(plan: &Plan, endpoint: &EndpointPlan, of: &str) -> Result<(), String> {
    let names = [
        &endpoint.stack,
        &endpoint.load_balancer,
        &endpoint.instance,
        &endpoint.elastic_ip,
        &endpoint.subnet,
    ];
    if names.into_iter().flatten().count() != 1 {
        return Err(format!(
            "An endpoint of {of:?} has no name, or more than one."
        ));
    }
    if let Some(account) = &endpoint.account {
        check_account(plan, account)?;
    }
    let attachment = endpoint.attachment.as_ref();
    let mut attachments = plan.attachment.iter();
    if let Some(name) = attachment
        && !attachments.any(|known| known.name == *name)
    {
        return Err(format!("There is no [[attachment]] called {name:?}."));
    }
    Ok(())
}
