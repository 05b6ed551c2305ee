# needs MatchIt >= 4.7.2: put its library on R_LIBS
suppressMessages({library(MatchIt);library(survival);library(sandwich);library(lmtest);library(coin);library(brglm2);library(jsonlite)})
args<-commandArgs(TRUE)
# cohort definitions
coh<-list(
 lalonde=list(csv="lalonde.csv",id="id",t="treat",cov=c("age","educ","race","married","nodegree","re74","re75"),cat="race",cont="re78",bin=NULL,surv=NULL,exact="race"),
 nhefs=list(csv="../../../sample_data/nhefs.csv",id="seqn",t="qsmk",cov=c("age","sex","race","education","smokeintensity","smokeyrs","exercise","active","wt71"),cat=c("education","exercise","active"),cont="wt82_71",bin="death",surv=NULL,exact="sex"))
specs<-list(
 nn1=list(method="nearest",ratio=1),
 nn1_cal02=list(method="nearest",ratio=1,caliper=.2),
 nn3_cal02=list(method="nearest",ratio=3,caliper=.2),
 nn2_cal01_smallest=list(method="nearest",ratio=2,caliper=.1,m.order="smallest"),
 nn1_closest_cal02=list(method="nearest",ratio=1,caliper=.2,m.order="closest"),
 nn2_data=list(method="nearest",ratio=2,m.order="data"),
 nn1_replace=list(method="nearest",ratio=1,replace=TRUE),
 nn3_replace_cal02=list(method="nearest",ratio=3,replace=TRUE,caliper=.2),
 nn2_exact_cal025=list(method="nearest",ratio=2,caliper=.25,exact=TRUE),
 mahal1=list(method="nearest",ratio=1,mahal=TRUE),
 mahal2_cal02=list(method="nearest",ratio=2,mahal=TRUE,caliper=.2),
 subclass5=list(method="subclass",subclass=5),
 cem=list(method="cem"))
run<-function(cn,c,sn,s,probability=FALSE){
 d<-read.csv(c$csv,stringsAsFactors=FALSE); keep<-complete.cases(d[,c(c$t,c$cov)]); d<-d[keep,]
 for(v in c$cat) d[[v]]<-factor(d[[v]])
 f<-reformulate(c$cov,c$t)
 a<-list(f,data=d,method=s$method,estimand="ATT")
 if(s$method!="cem"){a$distance<-"glm"; if(s$method=="nearest") a$link<-"linear.logit"}
 for(k in c("ratio","caliper","m.order","replace","subclass")) if(!is.null(s[[k]])) a[[k]]<-s[[k]]
 if(isTRUE(s$exact)) a$exact<-reformulate(c$exact)
 # MatchIt 4.7.2 distorts the Mahalanobis distance when two or more factors stand in mahvars: numeric k-1 dummies instead
 if(isTRUE(s$mahal)){M<-model.matrix(reformulate(c$cov),d)[,-1,drop=FALSE];colnames(M)<-paste0("mv_",seq_len(ncol(M)));a$data<-cbind(d,M);a$mahvars<-reformulate(colnames(M))}
 m<-suppressWarnings(do.call(matchit,a)); w<-m$weights
 dist<-m$distance
 out<-list(cohort=cn,spec=sn,n=nrow(d),dropped_missing=sum(!keep),n_treated=sum(d[[c$t]]==1),matched_treated=sum(w>0&d[[c$t]]==1),matched_control=sum(w>0&d[[c$t]]==0),
  ess_control={x<-w[d[[c$t]]==0];sum(x)^2/sum(x^2)})
 if(!is.null(m$match.matrix)){mm<-m$match.matrix; ti<-match(rownames(mm),rownames(d)); 
  pd<-c(); for(j in seq_len(ncol(mm))){ci<-match(mm[,j],rownames(d)); pd<-c(pd,abs(dist[ti]-dist[ci]))}; pd<-unname(pd[!is.na(pd)])
  out$pairs<-length(pd); out$sum_abs_logit_distance<-sum(pd); out$max_abs_logit_distance<-max(pd)}
 sm<-suppressWarnings(summary(m,standardize=TRUE,un=TRUE)); g<-function(x) {x<-as.data.frame(x); x$variable<-rownames(x); x<-x[!grepl("^mv_",x$variable),]; x[,c("variable","Means Treated","Means Control","Std. Mean Diff.","Var. Ratio","eCDF Mean","eCDF Max")]}
 out$balance_before<-g(sm$sum.all); out$balance_after<-g(if(s$method=="subclass") sm$sum.across else sm$sum.matched)
 # effects on the matched sample
 md<-d; md$.w<-w; md$.s<-if(is.null(m$subclass)) factor(seq_len(nrow(d))) else m$subclass; md<-md[md$.w>0,]
 cl<-if(isTRUE(s$replace)) NULL else md$.s
 eff<-list()
 if(!is.null(c$cont)){md$y<-md[[c$cont]]; q<-md[!is.na(md$y),]; fit<-lm(reformulate(c$t,"y"),data=q,weights=q$.w); V<-if(isTRUE(s$replace)) vcovHC(fit,"HC3") else vcovCL(fit,cluster=~.s,data=q,type="HC1")
  eff$mean_difference<-list(outcome=c$cont,estimate=unname(coef(fit)[2]),se=sqrt(V[2,2]),se_kind=if(isTRUE(s$replace))"HC3" else "cluster-robust by matched set, HC1 with G/(G-1)",n=nrow(q))}
 if(!is.null(c$bin)){md$y<-md[[c$bin]]; q<-md[!is.na(md$y),]; fit<-lm(reformulate(c$t,"y"),data=q,weights=q$.w); V<-if(isTRUE(s$replace)) vcovHC(fit,"HC3") else vcovCL(fit,cluster=~.s,data=q,type="HC1")
  eff$risk_difference<-list(outcome=c$bin,estimate=unname(coef(fit)[2]),se=sqrt(V[2,2]))
  fit<-suppressWarnings(glm(reformulate(c$t,"y"),data=q,weights=q$.w,family=quasibinomial)); V<-vcovCL(fit,cluster=~.s,data=q,type="HC1"); if(!isTRUE(s$replace)) eff$log_odds_ratio<-list(outcome=c$bin,estimate=unname(coef(fit)[2]),se=sqrt(V[2,2]))}
 if(!is.null(c$surv)){q<-md; q$tm<-q[[c$surv[1]]]; q$ev<-q[[c$surv[2]]]; q$z<-q[[c$t]]
  cx<-coxph(Surv(tm,ev)~z,data=q,weights=.w,cluster=.s,ties="efron"); eff$cox<-list(log_hr=unname(coef(cx)),robust_se=sqrt(vcov(cx)[1,1]))
  km<-survfit(Surv(tm,ev)~z,data=q,weights=.w); k<-summary(km,times=c(1826.25),extend=TRUE); eff$km_5y<-list(control=k$surv[1],treated=k$surv[2])
  if(!isTRUE(s$replace)){sd<-survdiff(Surv(tm,ev)~z,data=q); eff$logrank<-list(chisq=sd$chisq); sd<-survdiff(Surv(tm,ev)~z+strata(.s),data=q); eff$logrank_stratified_by_set<-list(chisq=sd$chisq)}}
 out$effects<-eff
 # tests on matched sets, fixed ratio without replacement
 if(!isTRUE(s$replace)&&s$method=="nearest"){ tests<-list(); z<-md[[c$t]]
  ps<-split(seq_len(nrow(md)),droplevels(factor(md$.s)))
  exp_pairs<-do.call(rbind,lapply(ps,function(ix){t<-ix[z[ix]==1];k<-ix[z[ix]==0]; if(length(t)!=1||!length(k)) return(NULL); cbind(t,k)}))
  if(!is.null(c$cont)){y<-md[[c$cont]]; df<-y[exp_pairs[,1]]-y[exp_pairs[,2]]; df<-df[!is.na(df)]
   wt<-suppressWarnings(wilcox.test(df,exact=FALSE,correct=FALSE)); tests$wilcoxon_signed_rank_expanded_pairs<-list(n_pairs=length(df),V=unname(wt$statistic),p_normal_no_cc=wt$p.value)
   q<-data.frame(y=y,z=factor(z),b=droplevels(factor(md$.s))); q<-q[!is.na(q$y),]; ok<-names(which(tapply(as.integer(q$z)-1,q$b,function(x) length(unique(x))==2))); q<-droplevels(q[q$b %in% ok,])
   ve<-wilcox_test(y~z|b,data=q,distribution="asymptotic"); tests$pooled_rank_by_set<-list(z=unname(statistic(ve)),p=unname(pvalue(ve)))}
  if(!is.null(c$bin)){y<-md[[c$bin]]; p<-exp_pairs[!is.na(y[exp_pairs[,1]])&!is.na(y[exp_pairs[,2]]),,drop=FALSE]; b<-sum(y[p[,1]]==1&y[p[,2]]==0); cc<-sum(y[p[,1]]==0&y[p[,2]]==1)
   tests$mcnemar_expanded_pairs<-list(b=b,c=cc,chisq_no_cc=(b-cc)^2/(b+cc),p_no_cc=pchisq((b-cc)^2/(b+cc),1,lower.tail=FALSE),p_exact=binom.test(b,b+cc)$p.value)
   q<-data.frame(y=y,z=z,b=md$.s); q<-q[!is.na(q$y),]; cm<-tryCatch(mantelhaen.test(table(q$z,q$y,droplevels(factor(q$b))),correct=FALSE),error=function(e)NULL)
   if(!is.null(cm)) tests$mantel_haenszel_by_set<-list(or=unname(cm$estimate),chisq=unname(cm$statistic),p=cm$p.value)
   cl<-tryCatch(clogit(y~z+strata(b),data=q,method="exact"),error=function(e)NULL); if(!is.null(cl)) tests$conditional_logit<-list(log_or=unname(coef(cl)),se=sqrt(vcov(cl)[1,1]))}
  out$tests<-tests }
 out }
cn<-args[1]; c<-coh[[cn]]; res<-lapply(names(specs),function(sn){cat(cn,sn,"\n",file=stderr()); tryCatch(run(cn,c,sn,specs[[sn]]),error=function(e) list(cohort=cn,spec=sn,error=conditionMessage(e)))}); names(res)<-names(specs)
d<-read.csv(c$csv,stringsAsFactors=FALSE); keep<-complete.cases(d[,c(c$t,c$cov)]); d<-d[keep,]; for(v in c$cat) d[[v]]<-factor(d[[v]])
g<-glm(reformulate(c$cov,c$t),data=d,family=binomial,epsilon=1e-14,maxit=100); fi<-glm(reformulate(c$cov,c$t),data=d,family=binomial,method="brglmFit",type="AS_mean",epsilon=1e-12,maxit=500)
un<-list(); for(v in c$cont){un[[v]]<-list(kruskal_p=kruskal.test(d[[v]]~d[[c$t]])$p.value)}; for(v in c$bin){ft<-fisher.test(table(d[[c$t]],d[[v]])); un[[v]]<-list(fisher_p=ft$p.value)}
js<-list(cohort=list(name=cn,csv=basename(c$csv),id=c$id,treatment=c$t,covariates=c$cov,categorical=c$cat,continuous_outcome=c$cont,binary_outcome=c$bin,survival=c$surv,exact=c$exact),
 versions=list(R=R.version.string,MatchIt=as.character(packageVersion("MatchIt")),survival=as.character(packageVersion("survival")),sandwich=as.character(packageVersion("sandwich")),coin=as.character(packageVersion("coin")),brglm2=as.character(packageVersion("brglm2"))),
 logit_coefficients=as.list(coef(g)),firth_coefficients=as.list(coef(fi)),propensity_first10=unname(fitted(g))[1:10],whole_cohort_tests=un,runs=res)
write(toJSON(js,auto_unbox=TRUE,digits=12,pretty=TRUE,na="null"),paste0(cn,".json"))
